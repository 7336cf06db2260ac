package web

import (
	"net/http"
	"testing"
)

func TestAMoveOffersOnlyPlacesWhereOneMayCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const pack = "/orgs/acme/resources/{pack}"
	w.get("owner", pack+"/parent").must(http.StatusOK).says("Workspace").says("It lies in Alpha.").holds(w.ids["workspace"])
	w.get("tara", pack+"/parent").must(http.StatusForbidden) // an Editor neither deletes nor shares
	w.get("owner", "/orgs/acme/resources/{artifact}/parent").must(http.StatusOK).says("no other place")
	w.post("owner", pack+"/parent", "parent={workspace}&version=99").must(http.StatusConflict).says("Somebody else changed who has access")
	w.post("owner", pack+"/parent", "parent={alpha}&version=1").must(http.StatusUnprocessableEntity).says("Pack lies in Alpha already.")
	w.post("owner", pack+"/parent", "parent={pack}&version=1").must(http.StatusUnprocessableEntity).says("cannot lie in itself")
	w.post("owner", pack+"/parent", "parent={beta}&version=1").must(http.StatusNotFound)
	w.post("owner", pack+"/parent", "parent={workspace}&version=1").must(http.StatusOK).says("Of the people who are known here:").says("on Pack")
	w.get("owner", pack+"/parent").must(http.StatusOK).says("It lies in Alpha.")
	w.post("owner", pack+"/parent", "parent={workspace}&version=1&confirm={workspace}").leadsTo(w.fillIn(pack))
	w.get("group admin", pack).must(http.StatusNotFound) // it was open to them through Alpha only
	w.get("admin", "/orgs/acme/audit").must(http.StatusOK).says("moved Pack from Alpha to Workspace")
}

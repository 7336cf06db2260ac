package main

import (
	"fmt"

	"gatehouse/access"
	"gatehouse/db"
)

// demoContents is what the demo's projects hold beside packages; what names no project lies in the module. Connections
// name secrets, so secrets come first.
var demoContents = []struct {
	project, owner string
	kind           access.Kind
	name, about    string
	content        map[string]string
}{
	{"Nightly Rates", "farid", access.Dataset, "Rates and fixings", "One row a day and instrument, since 2009.", map[string]string{
		"location": "s3://meridian-lake/rates/daily/", "format": "Parquet, one file a month",
		"columns": "day: the trading day, in UTC\ninstrument: its ISIN, or the name of the fixing\nrate: in percent a year\nsource: who published it\nloaded_at: when the collector wrote the row"}},
	{"Alpha", "cyra", access.Constant, "PRICING__DAY_COUNT", "How the desk counts days.", map[string]string{"value": "ACT/365"}},
	{"Alpha", "cyra", access.Constant, "PRICING__SPREAD_FLOOR", "Below this no quote leaves the desk.", map[string]string{"value": "0.0125"}},
	{"Alpha", "cyra", access.Constant, "CALENDAR", "", map[string]string{"value": "TARGET2"}},
	{"Alpha", "cyra", access.Connection, "Energy warehouse", "Where the models read prices.", map[string]string{
		"system": "PostgreSQL", "address": "warehouse.meridian.test:5432/energy"}},
	{"Alpha", "cyra", access.Release, "Desk dashboard", "Live prices and positions of the energy desk.", map[string]string{"url": "https://desk.meridian.test/alpha"}},
	{"Alpha", "cyra", access.Analysis, "Winter peak, second look", "Why the model was short in January.", map[string]string{
		"text": "# Winter peak, second look\n\nThe dispatch model was short on nine of the ten coldest days.\n\n- On seven of them the wind forecast was too high.\n- On two the Nordic link was down, and nothing tells the model.\n\n**To do:** feed outages of the link into the curves."}},
	{"", "farid", access.Dataset, "Trading calendars", "Holidays of every market that we trade in.", map[string]string{
		"location": "postgres://warehouse.meridian.test/reference/calendars", "format": "Table", "columns": "market: MIC\nday: closed on this day"}},
}

// contents makes what the projects hold; projects are known by name.
func (d *demo) contents() {
	for _, one := range demoContents {
		d.do(func() error {
			parent, err := d.holder(one.project, one.owner)
			if err != nil {
				return err
			}
			made := db.NewResource{Kind: one.kind, Parent: parent, Name: one.name, Description: one.about, Content: one.content}
			_, err = d.store.CreateResource(d.ctx, d.by(one.owner), d.org, made)
			return err
		})
	}
}

// holder is the project with a name, or the module.
func (d *demo) holder(project, person string) (access.ID, error) {
	if project == "" {
		places, err := d.store.ListPlacesToCreate(d.ctx, d.org, d.people[person])
		if err != nil || len(places) == 0 {
			return "", fmt.Errorf("%s finds no module: %w", person, err)
		}
		return places[0].ID, nil
	}
	return d.projects[project], nil
}

package views

import (
	"bytes"
	"strings"
	"testing"

	"gatehouse/access"
)

func TestConstantsAreGroupedByWhatStandsBeforeTheUnderscores(t *testing.T) {
	var rows []ResourceRow
	for _, name := range []string{"A", "PRICING__FLOOR", "PRICING__RATE", "REGION__CODE"} {
		rows = append(rows, ResourceRow{Resource: access.Ref{Type: string(access.Constant), ID: "c", Name: name}})
	}
	var told []string
	for _, group := range GroupResources(append(rows, ResourceRow{Resource: access.Ref{Type: string(access.Dataset), Name: "PRICING__DATA"}})) {
		told = append(told, group.Title+": "+plain(len(group.Rows)))
	}
	if got := strings.Join(told, ", "); got != "Datasets: 1, Constants: 1, Constants · PRICING: 2, Constants · REGION: 1" {
		t.Error(got)
	}
}

func TestWhatAnAnalysisSaysIsTextAndNothingElse(t *testing.T) {
	var page bytes.Buffer
	shown := holding(Resource{Org: org, Resource: alpha(), You: ana.ID}, access.Analysis, map[string]string{"text": "# Found\n<script>alert(1)</script>"})
	if err := ResourceDetails(shown).Render(t.Context(), &page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(page.String(), "<script>alert") || !strings.Contains(page.String(), "# Found\n&lt;script&gt;") {
		t.Error(page.String())
	}
}

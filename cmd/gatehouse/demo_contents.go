package main

import (
	"fmt"
	"strings"

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
	{"Alpha", "cyra", access.Secret, "Warehouse password", "Of the role that only reads.", nil},
	{"Nightly Rates", "farid", access.Dataset, "Rates and fixings", "One row a day and instrument, since 2009.", map[string]string{
		"location": "s3://meridian-lake/rates/daily/", "format": "Parquet, one file a month",
		"columns": "day: the trading day, in UTC\ninstrument: its ISIN, or the name of the fixing\nrate: in percent a year\nsource: who published it\nloaded_at: when the collector wrote the row"}},
	{"Alpha", "cyra", access.Constant, "PRICING__DAY_COUNT", "How the desk counts days.", map[string]string{"value": "ACT/365"}},
	{"Alpha", "cyra", access.Constant, "PRICING__SPREAD_FLOOR", "Below this no quote leaves the desk.", map[string]string{"value": "0.0125"}},
	{"Alpha", "cyra", access.Constant, "CALENDAR", "", map[string]string{"value": "TARGET2"}},
	{"Alpha", "cyra", access.Connection, "Energy warehouse", "Where the models read prices.", map[string]string{
		"system": "PostgreSQL", "address": "warehouse.meridian.test:5432/energy", "secret": "warehouse-password"}},
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
			if one.kind == access.Secret && d.store.CanKeepSecrets() {
				made.Secret = "not-a-real-password"
			}
			_, err = d.store.CreateResource(d.ctx, d.by(one.owner), d.org, made)
			return err
		})
	}
}

// demoFiles lie in a bucket of Open Benchmarks, where anybody may read them.
var demoFiles = []struct{ name, about, text string }{
	{"forecast-errors-2026-10.csv", "Mean absolute error by horizon, October.", "horizon_hours,mae_eur\n1,0.84\n6,1.92\n24,4.37\n72,9.05\n"},
	{"method.md", "How the figures come about.", "# Method\n\nEvery forecast is compared with the price that was settled, for each horizon by itself.\n"},
}

// files makes the bucket with its files.
func (d *demo) files() {
	d.do(func() error {
		if !d.store.CanKeepFiles() {
			return nil
		}
		made := db.NewResource{Kind: access.Bucket, Parent: d.made["Open Benchmarks"], Name: "Raw figures", Description: "What the results are made of."}
		bucket, err := d.store.CreateResource(d.ctx, d.by("cyra"), d.org, made)
		for _, file := range demoFiles {
			if err == nil {
				upload := db.Upload{Name: file.name, Content: strings.NewReader(file.text), Limit: 1 << 20}
				_, err = d.store.UploadArtifact(d.ctx, d.by("cyra"), d.org, db.NewResource{Parent: bucket, Description: file.about}, upload)
			}
		}
		return err
	})
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
	return d.made[project], nil
}

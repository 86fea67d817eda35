package lake

import (
	"strings"
	"testing"
)

func TestCurrentSnapshot(t *testing.T) {
	for text, want := range map[string]Snapshot{
		`{"current-snapshot-id": 9007199254740993, "snapshots": [{"snapshot-id": 1, "summary": {"added-records": "9"}},
		  {"snapshot-id": 9007199254740993, "summary": {"operation": "append", "added-records": "4", "added-files-size": "812", "added-data-files": "2"}}]}`: {"9007199254740993", 4, 812, 2},
		`{"current-snapshot-id": 5, "snapshots": [{"snapshot-id": 5, "summary": {"operation": "delete"}}]}`: {"5", -1, -1, -1},
		`{"current-snapshot-id": -1, "snapshots": []}`:                                                      {},
		`{"format-version": 2}`: {},
	} {
		got, err := currentSnapshot(strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		if got == nil {
			got = &Snapshot{}
		}
		if *got != want {
			t.Errorf("%+v, expected %+v", *got, want)
		}
	}
	if _, err := currentSnapshot(strings.NewReader("{")); err == nil {
		t.Error("half of a file is read")
	}
}

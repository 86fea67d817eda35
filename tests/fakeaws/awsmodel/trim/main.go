// Command trim cuts published service models down to the operations that the fakes have, so that what is committed can be read.
//
//	go run ./tests/fakeaws/awsmodel/trim FOLDER_OF_MODELS tests/fakeaws/awsmodel/models
//
// The folder holds one service-2.json of botocore for each service, named after it (athena.json).
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// kept are the operations of each service; a fake that gets a new operation starts with a row here.
var kept = map[string]string{
	"athena": `StartQueryExecution StopQueryExecution GetQueryExecution BatchGetQueryExecution GetQueryResults GetQueryRuntimeStatistics
		ListQueryExecutions GetWorkGroup ListWorkGroups CreateWorkGroup UpdateWorkGroup DeleteWorkGroup GetDataCatalog ListDataCatalogs
		GetDatabase ListDatabases GetTableMetadata ListTableMetadata`,
	"glue": `GetCatalog GetDatabase GetDatabases CreateDatabase UpdateDatabase DeleteDatabase GetTable GetTables CreateTable UpdateTable DeleteTable
		BatchDeleteTable GetTableVersion GetTableVersions DeleteTableVersion BatchDeleteTableVersion GetPartition GetPartitions BatchGetPartition
		CreatePartition BatchCreatePartition UpdatePartition BatchUpdatePartition DeletePartition BatchDeletePartition
		GetColumnStatisticsForTable UpdateColumnStatisticsForTable DeleteColumnStatisticsForTable GetColumnStatisticsForPartition
		UpdateColumnStatisticsForPartition DeleteColumnStatisticsForPartition GetUserDefinedFunctions GetTags`,
	"lakeformation": `GrantPermissions RevokePermissions BatchGrantPermissions BatchRevokePermissions ListPermissions CreateLFTag GetLFTag ListLFTags
		UpdateLFTag DeleteLFTag AddLFTagsToResource RemoveLFTagsFromResource GetResourceLFTags GetDataLakeSettings PutDataLakeSettings
		RegisterResource DescribeResource DeregisterResource ListResources CreateDataCellsFilter GetDataCellsFilter ListDataCellsFilter
		UpdateDataCellsFilter DeleteDataCellsFilter`,
	"sts": `GetCallerIdentity AssumeRole`,
}

func main() {
	if len(os.Args) != 3 {
		fmt.Fprintln(os.Stderr, "usage: trim FOLDER_OF_MODELS OUT")
		os.Exit(2)
	}
	for name, ops := range kept {
		if err := trim(filepath.Join(os.Args[1], name+".json"), filepath.Join(os.Args[2], name+".json"), strings.Fields(ops)); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func trim(from, to string, ops []string) error {
	data, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	var model struct {
		Metadata   json.RawMessage            `json:"metadata"`
		Operations map[string]json.RawMessage `json:"operations"`
		Shapes     map[string]json.RawMessage `json:"shapes"`
	}
	if err := json.Unmarshal(data, &model); err != nil {
		return fmt.Errorf("%s: %w", from, err)
	}
	operations, shapes := map[string]json.RawMessage{}, map[string]json.RawMessage{}
	var follow func(raw json.RawMessage) error
	follow = func(raw json.RawMessage) error {
		var v any
		if err := json.Unmarshal(raw, &v); err != nil {
			return err
		}
		for _, name := range shapeNames(v, nil) {
			if _, done := shapes[name]; done {
				continue
			}
			shapes[name] = model.Shapes[name]
			if err := follow(model.Shapes[name]); err != nil {
				return err
			}
		}
		return nil
	}
	for _, op := range ops {
		raw, ok := model.Operations[op]
		if !ok {
			return fmt.Errorf("%s has no operation %s", from, op)
		}
		operations[op] = raw
		if err := follow(raw); err != nil {
			return err
		}
	}
	out, err := json.Marshal(map[string]any{"metadata": model.Metadata, "operations": operations, "shapes": shapes})
	if err != nil {
		return err
	}
	var pretty bytes.Buffer
	if err := json.Indent(&pretty, out, "", " "); err != nil {
		return err
	}
	pretty.WriteByte('\n')
	return os.WriteFile(to, pretty.Bytes(), 0o644)
}

// shapeNames are the shapes that a piece of a model refers to: each value of a key "shape" that is a text.
func shapeNames(v any, names []string) []string {
	switch v := v.(type) {
	case map[string]any:
		for k, e := range v {
			if s, ok := e.(string); ok && k == "shape" {
				names = append(names, s)
				continue
			}
			names = shapeNames(e, names)
		}
	case []any:
		for _, e := range v {
			names = shapeNames(e, names)
		}
	}
	return names
}

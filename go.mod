module github.com/weft-data/weft

go 1.26

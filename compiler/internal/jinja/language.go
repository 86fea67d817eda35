package jinja

// language is everything that has a name in Jinja2 itself: filters, tests, global functions, and the methods of Python's
// types. Runs carry a pointer to it, since filters and methods look up one another.
type language struct {
	filters, tests                                            map[string]*builtin
	str, markup, list, dict, tuple, set, view, integer, float map[string]*builtin
}

var python = &language{
	filters: filterTable(), tests: testTable(),
	str: strTable(), markup: markupTable(), list: listTable(), dict: dictTable(), tuple: tupleTable(), set: setTable(),
	view: viewTable(), integer: intTable(), float: floatTable(),
}

// globals are the functions that every template can call; the host's scope hides them.
var globals = globalTable()

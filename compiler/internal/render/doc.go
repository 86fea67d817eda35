// Package render is dbt's template context on package jinja: what ref, source, config, adapter and the macros of a project
// mean while a node's text is read (Scan) and while it is rendered for its engine (Render).
//
// dbt's language is Jinja plus this context, and most of what people call "dbt syntax" is here: which macro a name stands for,
// what dispatch picks, what a template may see before the graph exists and after. The package knows nodes as plain data
// (package resource) and asks a warehouse only through the adapter object of package warehouse, so the same text renders
// with a live engine, from a catalog file, or from nothing.
//
// One Engine serves all nodes, from any number of goroutines. What a node sees is a nodeContext: the names shared by all
// nodes of its package and dialect (scope), laid under the node's own values, which are made when they are first asked for.
package render

// Package warehouse is what a template sees of the warehouse: the values `adapter`, `api.Relation`, `api.Column`, relations,
// columns, and the tables that queries give.
//
// dbt packages are written against the Python classes of dbt's adapters, down to their attributes, their errors and what they
// print. This package gives the same surface for every dialect from dialect data, so that a package's macro cannot tell the
// difference, and keeps the question where the answers come from out of it: whatever is not known from the project alone goes
// through the interface Warehouse, which a catalog file, a live engine or a test answers. Nothing here touches a file, a
// network, a clock or a random source; what needs one gets it from Options.
package warehouse

package diag

// Codes of projects, profiles and packages. Those of binding begin at P100.
const (
	// ProjectNotFound: no dbt_project.yml where one is expected.
	ProjectNotFound Code = "P001"
	// ProjectInvalid: dbt_project.yml says what it cannot say.
	ProjectInvalid Code = "P002"
	// ProfileNotFound: profiles.yml, the profile or the target is not there.
	ProfileNotFound Code = "P003"
	// ProfileInvalid: the selected output cannot be used.
	ProfileInvalid Code = "P004"
	// PackagesNotInstalled: packages are listed that are not in the install path.
	PackagesNotInstalled Code = "P005"
	// PackageInvalid: packages.yml, dependencies.yml or an installed package cannot be read.
	PackageInvalid Code = "P006"
	// PackageNameClash: two packages have one name.
	PackageNameClash Code = "P007"
	// VersionUnsupported: a project wants another version of dbt than the one that weft is compatible with.
	VersionUnsupported Code = "P008"
	// VarsTwice: variables stand in vars.yml and in dbt_project.yml.
	VarsTwice Code = "P009"
	// FileUnreadable: a file of the project cannot be read.
	FileUnreadable Code = "P010"
	// DeprecatedKey: a key that dbt has replaced by another.
	DeprecatedKey Code = "P011"
	// WeftConfig: weft.yml says what it cannot say.
	WeftConfig Code = "P012"
	// DefaultTarget: the profile names no target, so the one named default is taken.
	DefaultTarget Code = "P013"
	// IdleProfileKey: a key of the selected output has no effect.
	IdleProfileKey Code = "P014"
	// CatalogsUnsupported: catalogs.yml lists catalogs, and the engine has none.
	CatalogsUnsupported Code = "P015"
	// CatalogsInvalid: catalogs.yml says what it cannot say.
	CatalogsInvalid Code = "P016"
)

var projectKinds = map[Code]kind{
	ProjectNotFound:      {summary: "no dbt project found"},
	ProjectInvalid:       {summary: "dbt_project.yml is invalid"},
	ProfileNotFound:      {summary: "no such profile or target"},
	ProfileInvalid:       {summary: "the profile cannot be used"},
	PackagesNotInstalled: {summary: "packages are not installed"},
	PackageInvalid:       {summary: "a package cannot be used"},
	PackageNameClash:     {summary: "two packages have the same name"},
	VersionUnsupported:   {summary: "the required version of dbt does not fit"},
	VarsTwice:            {summary: "variables are defined in two files"},
	FileUnreadable:       {summary: "a file cannot be read"},
	DeprecatedKey:        {summary: "deprecated key", warning: true},
	WeftConfig:           {summary: "weft.yml is invalid"},
	DefaultTarget:        {summary: "no target in the profile", warning: true},
	IdleProfileKey:       {summary: "a key of the profile has no effect", warning: true},
	CatalogsUnsupported:  {summary: "the engine has no catalogs"},
	CatalogsInvalid:      {summary: "catalogs.yml is invalid"},
}

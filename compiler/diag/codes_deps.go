package diag

// Codes of fetching packages.
const (
	// PackageUnknown: the hub does not know a package, or no version that is wanted.
	PackageUnknown Code = "P020"
	// PackageConflict: what is asked of a package contradicts itself.
	PackageConflict Code = "P021"
	// VersionInvalid: a version or a range is no semantic version.
	VersionInvalid Code = "P022"
	// PackagePrivate: a private package, which only dbt's platform can fetch.
	PackagePrivate Code = "P023"
	// PackageUnpinned: a git package at no fixed revision.
	PackageUnpinned Code = "P024"
	// SecretInLock: an address holds the value of a secret, which the lock file must not.
	SecretInLock Code = "P025"
	// PackageMoved: the hub lists a package under another name.
	PackageMoved Code = "P026"
	// FetchFailed: the hub or an archive cannot be reached.
	FetchFailed Code = "N001"
	// GitFailed: the git program failed or is not there.
	GitFailed Code = "N002"
	// ArchiveRefused: an archive holds what no package may.
	ArchiveRefused Code = "N003"
	// ArchiveChanged: an archive is not the one that the hub has listed.
	ArchiveChanged Code = "W302"
)

var depsKinds = map[Code]kind{
	PackageUnknown:  {summary: "no such package or version"},
	PackageConflict: {summary: "requirements on a package contradict each other"},
	VersionInvalid:  {summary: "not a semantic version"},
	PackagePrivate:  {summary: "private packages are not supported"},
	PackageUnpinned: {summary: "a git package is not pinned", warning: true},
	SecretInLock:    {summary: "an address holds a secret", warning: true},
	PackageMoved:    {summary: "a package has moved", warning: true},
	FetchFailed:     {summary: "a package cannot be fetched"},
	GitFailed:       {summary: "git failed"},
	ArchiveRefused:  {summary: "an archive is refused"},
	ArchiveChanged:  {summary: "an archive has changed", warning: true},
}

// Command weft compiles and runs data products; see package cli.
package main

import (
	"os"

	"github.com/weft-data/weft/cmd/cli"
)

func main() { os.Exit(cli.Main(cli.System())) }

package main

import (
	"os"
	"testing"

	"tongchang/events/ledgertest"
)

// asCommand makes the test binary the command itself: a process of its own that
// a test can kill.
const asCommand = "TONGCHANG_TEST_AS_COMMAND"

func TestMain(m *testing.M) {
	if os.Getenv(asCommand) != "" {
		os.Exit(Run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
	}
	ledgertest.Main(m)
}

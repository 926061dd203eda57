package main

import (
	"testing"

	"tongchang/events/ledgertest"
)

func TestMain(m *testing.M) { ledgertest.Main(m) }

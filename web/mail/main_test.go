package mail

import (
	"os"
	"testing"

	"gatehouse/db/dbtest"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Run(m)) }

package app_test

import (
	"testing"

	"github.com/casustafel/casustafel/internal/store/storetest"
)

var server storetest.Server

func TestMain(m *testing.M) { storetest.Main(m, &server) }

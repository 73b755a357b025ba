package main

import (
	"testing"
	"time"
)

// Certificates name the day until which the schedule keeps a backup, or a later one.
func TestCertificatesNameTheDayOfTheSchedule(t *testing.T) {
	t.Parallel()
	daily := backupFlags{BackupTo: "/backups", BackupEvery: 24 * time.Hour, BackupKeep: 14}
	for _, test := range []struct {
		flags      backupFlags
		said, want time.Duration // want zero: refused
	}{
		{daily, 0, 15 * 24 * time.Hour},
		{daily, 15 * 24 * time.Hour, 15 * 24 * time.Hour},
		{daily, 90 * 24 * time.Hour, 90 * 24 * time.Hour},
		{daily, 14 * 24 * time.Hour, 0},
		{backupFlags{BackupEvery: 24 * time.Hour, BackupKeep: 14}, time.Hour, time.Hour}, // it makes none
	} {
		if got, err := test.flags.backupsUntil(test.said); got != test.want || (err != nil) != (test.want == 0) {
			t.Errorf("%+v, said %s: %s, %v", test.flags, test.said, got, err)
		}
	}
	if got, err := (backupFlags{}).backupsUntil(0); got != 0 || err != nil {
		t.Errorf("nobody says: %s, %v", got, err)
	}
}

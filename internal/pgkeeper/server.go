package pgkeeper

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
)

// serverCommand is the postmaster. It gets no context: it outlives Start.
//
// Settings are given on the command line, where neither postgresql.conf nor
// ALTER SYSTEM can undo them; everything else there is free to tune.
func serverCommand(bin binaries, h *home, who account, sock socket, noSync bool) *exec.Cmd {
	args := []string{"-D", h.cluster(), "-c", "cluster_name=" + h.name()}
	for _, setting := range settings(sock, noSync) {
		args = append(args, "-c", setting)
	}
	return who.command(context.Background(), bin.postgres(), args...)
}

// settings that hold whatever the operator tunes.
func settings(sock socket, noSync bool) []string {
	list := []string{
		// The one way in.
		"listen_addresses=",
		"unix_socket_directories=" + quoteDirectory(sock.dir),
		"unix_socket_permissions=0700",
		"port=" + socketPort,
		"max_connections=100",

		// The log holds no content. An error's own text may quote a value, so
		// errors of statements are not logged at all (LOG ranks above ERROR
		// here; FATAL and PANIC stay); details and statements neither.
		"log_min_messages=log",
		"log_min_error_statement=panic",
		"log_error_verbosity=terse",
		"log_parameter_max_length=0",
		"log_parameter_max_length_on_error=0",
		"log_statement=none",
		"log_duration=off",
		"log_min_duration_statement=-1",
		"log_min_duration_sample=-1",
		"log_transaction_sample_rate=0",
		"log_lock_waits=off",
		"log_temp_files=-1",
		"log_autovacuum_min_duration=-1",
		"log_checkpoints=off",
		"log_connections=off",
		"log_disconnections=off",
		"log_replication_commands=off",
		"debug_print_parse=off",
		"debug_print_rewritten=off",
		"debug_print_plan=off",

		// The log is the standard error, which goes to a file of the program.
		"logging_collector=off",
		"log_destination=stderr",
		"log_timezone=UTC",
		"timezone=UTC",
		"update_process_title=on", // takeOver knows processes by their title
	}
	if noSync {
		// synchronous_commit stays on: without fsync it costs a plain write,
		// and a commit still survives a killed server.
		list = append(list, "fsync=off", "full_page_writes=off", "max_wal_size=128MB")
	}
	return list
}

// quoteDirectory writes a path as one element of a list of directories.
func quoteDirectory(path string) string {
	return `"` + strings.ReplaceAll(path, `"`, `""`) + `"`
}

// quoteDSN writes a value of a lib/pq key=value address.
func quoteDSN(value string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(value) + "'"
}

// lastLines is the tail of what was written to a log from an offset on.
func lastLines(path string, from int64) string {
	f, err := os.Open(path)
	if err != nil {
		return ""
	}
	defer f.Close()
	text, err := io.ReadAll(io.NewSectionReader(f, from, logLimit))
	if err != nil {
		return ""
	}
	return tail(string(text))
}

// tail puts the last lines of an output behind an error.
func tail(text string) string {
	const most = 8
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if len(lines) > most {
		lines = lines[len(lines)-most:]
	}
	if text = strings.TrimSpace(strings.Join(lines, "\n")); text == "" {
		return ""
	}
	return "; it said:\n" + text
}

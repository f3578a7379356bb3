// Command cluster runs another command beside a throw-away PostgreSQL server:
//
//	go run ./internal/platform/sqldbtest/cluster go test ./...
//
// The server is made in a temporary folder from the installed binaries, runs
// as an unprivileged user on a unix socket, without fsync, and is ended and
// deleted when the command ends. The command finds it in GOROD_TEST_POSTGRES.
// Where that is set already, or no PostgreSQL is installed, the command runs
// as it is and the tests say what they leave out.
package main

import (
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"sort"
	"strconv"
	"syscall"
)

const variable = "GOROD_TEST_POSTGRES"

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: cluster COMMAND [ARGUMENT...]")
		os.Exit(2)
	}
	os.Exit(run(os.Args[1:]))
}

func run(command []string) int {
	if os.Getenv(variable) == "" {
		c, err := start()
		if err != nil {
			fmt.Fprintln(os.Stderr, "NO POSTGRESQL: the PostgreSQL half of the tests is left out:", err)
		} else {
			defer c.stop()
			os.Setenv(variable, c.url)
		}
	}
	// An interrupt goes to the command, which ends; then the server is ended.
	signal.Ignore(os.Interrupt)
	cmd := exec.Command(command[0], command[1:]...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	if err := cmd.Run(); err != nil {
		if cmd.ProcessState != nil {
			return max(cmd.ProcessState.ExitCode(), 1)
		}
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	return 0
}

type cluster struct {
	dir  string
	url  string
	bin  string
	cred *syscall.Credential
}

func start() (*cluster, error) {
	bin, err := binaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "gorod-pg-")
	if err != nil {
		return nil, err
	}
	c := &cluster{dir: dir, bin: bin}
	if err := c.own(); err != nil {
		return nil, err
	}
	if err := c.command("initdb", "-D", c.data(), "-U", "gorod", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	settings := "-c listen_addresses='' -c unix_socket_directories=" + dir + " -c fsync=off -c full_page_writes=off " +
		"-c synchronous_commit=off -c max_connections=300 -c shared_buffers=256MB -c autovacuum=on"
	if err := c.command("pg_ctl", "-D", c.data(), "-w", "-l", filepath.Join(dir, "log"), "-o", settings, "start"); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	c.url = "postgres://gorod@localhost/postgres?sslmode=disable&host=" + dir
	return c, nil
}

// binaries finds the newest installed server.
func binaries() (string, error) {
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		path, err := exec.LookPath("initdb")
		if err != nil {
			return "", fmt.Errorf("no PostgreSQL server binaries found: %w", err)
		}
		return filepath.Dir(path), nil
	}
	sort.Strings(found)
	return filepath.Dir(found[len(found)-1]), nil
}

// own gives the folder to an unprivileged user: PostgreSQL refuses to run as
// root.
func (c *cluster) own() error {
	if os.Getuid() != 0 {
		return nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			continue
		}
		uid, err1 := strconv.Atoi(u.Uid)
		gid, err2 := strconv.Atoi(u.Gid)
		if err1 != nil || err2 != nil {
			continue
		}
		c.cred = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		return os.Chown(c.dir, uid, gid)
	}
	return fmt.Errorf("no unprivileged user to run PostgreSQL as")
}

func (c *cluster) data() string { return filepath.Join(c.dir, "data") }

func (c *cluster) command(name string, args ...string) error {
	cmd := exec.Command(filepath.Join(c.bin, name), args...)
	cmd.Dir = c.dir
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: c.cred, Setpgid: true}
	// pg_ctl leaves the server behind with our output open: a file, no pipe.
	out, err := os.CreateTemp("", "gorod-pg-out-")
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	cmd.Stdout, cmd.Stderr = out, out
	if err := cmd.Run(); err != nil {
		said, _ := os.ReadFile(out.Name())
		return fmt.Errorf("%s: %w: %s", name, err, said)
	}
	return nil
}

func (c *cluster) stop() {
	if err := c.command("pg_ctl", "-D", c.data(), "-m", "immediate", "-w", "stop"); err != nil {
		fmt.Fprintln(os.Stderr, "stop PostgreSQL:", err)
	}
	os.RemoveAll(c.dir)
}

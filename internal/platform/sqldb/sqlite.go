package sqldb

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"

	"gorod/internal/platform/fault"

	_ "modernc.org/sqlite" // registers the driver "sqlite"
)

const (
	// groupSize is how many commands share one COMMIT at most; measured:
	// 6,775 acknowledged rows/s at 64 producers against 719 without groups.
	groupSize = 256
	// groupTime bounds how long the first command of a group waits for the rest.
	groupTime = 20 * time.Millisecond
	// readers is the number of connections that read beside the writer.
	readers = 4
	// writerPages and readerPages are the memory of a connection for pages of
	// the file, in KiB as cache_size takes it. What is not there is with the
	// operating system, some microseconds away: 64 and 16 MiB answered lists
	// and searches of 48,832 problems no sooner, and may grow to 128 MB together.
	writerPages = 16 << 10
	readerPages = 4 << 10
	// statementLimit bounds the prepared statements kept a connection.
	statementLimit = 400
)

type sqliteStore struct {
	db       *sql.DB
	lock     *os.File
	queue    chan *command
	done     chan struct{}
	closing  sync.RWMutex
	closed   bool
	free     chan struct{} // one for each reader at rest
	resting  []*sqliteConn // the last used at the end
	rest     sync.Mutex    // of resting
	writer   *sqliteConn
	ids      idBlock
	readOnly bool
	held     *command // came while a group was open that it may not join; the writer's own
}

// command is one closure on its way through the writer.
type command struct {
	ctx context.Context
	now func() time.Time
	fn  func(*Tx) error
	// outside are statements that no transaction may hold, in the place of fn.
	outside []string
	after   []func()
	err     error
	panic   any
	done    chan struct{}
}

// sqliteConn is a connection with the statements it has prepared.
type sqliteConn struct {
	conn  *sql.Conn
	stmts map[string]*sql.Stmt
}

func openSQLite(ctx context.Context, path string, options Options) (*sqliteStore, error) {
	s := &sqliteStore{readOnly: options.ReadOnly}
	if options.ReadOnly {
		if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
			return nil, fault.Missing.New("database.missing", path).Because(ErrNoDatabase)
		}
	} else {
		lock, err := lockFile(path)
		if err != nil {
			return nil, err
		}
		s.lock = lock
		if err := keepPrivate(path); err != nil {
			return nil, errors.Join(err, s.unlock())
		}
	}
	db, err := sql.Open("sqlite", sqliteDSN(path, options))
	if err != nil {
		return nil, errors.Join(err, s.unlock())
	}
	s.db = db
	if err := s.connect(ctx); err != nil {
		return nil, errors.Join(err, db.Close(), s.unlock())
	}
	if !options.ReadOnly {
		s.queue = make(chan *command, groupSize)
		s.done = make(chan struct{})
		go s.write()
	}
	return s, nil
}

func sqliteDSN(path string, options Options) string {
	q := url.Values{}
	sync := "FULL" // an acknowledged message survives a power cut
	if options.Relaxed {
		sync = "OFF"
	}
	for _, pragma := range []string{
		"busy_timeout(5000)", "foreign_keys(1)", fmt.Sprintf("cache_size(-%d)", readerPages), "mmap_size(0)", "synchronous(" + sync + ")",
	} {
		q.Add("_pragma", pragma)
	}
	if options.ReadOnly {
		q.Add("mode", "ro")
	} else {
		q.Add("_pragma", "journal_mode(WAL)")
	}
	return "file:" + (&url.URL{Path: path}).EscapedPath() + "?" + q.Encode()
}

// connect opens the writer first, so that it creates the file, then readers.
func (s *sqliteStore) connect(ctx context.Context) error {
	if !s.readOnly {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return err
		}
		s.writer = &sqliteConn{conn: conn, stmts: map[string]*sql.Stmt{}}
		if _, err := conn.ExecContext(ctx, fmt.Sprintf("PRAGMA cache_size(-%d)", writerPages)); err != nil {
			return err
		}
	}
	s.free = make(chan struct{}, readers)
	for range readers {
		conn, err := s.db.Conn(ctx)
		if err != nil {
			return err
		}
		if _, err := conn.ExecContext(ctx, "PRAGMA query_only(1)"); err != nil {
			return err
		}
		s.putBack(&sqliteConn{conn: conn, stmts: map[string]*sql.Stmt{}})
	}
	return nil
}

// reader waits for a connection to read with. The last used comes first: its
// pages and statements are warm, and those of the others are not needed.
func (s *sqliteStore) reader(ctx context.Context) (*sqliteConn, error) {
	select {
	case <-s.free:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	s.rest.Lock()
	defer s.rest.Unlock()
	last := len(s.resting) - 1
	c := s.resting[last]
	s.resting = s.resting[:last]
	return c, nil
}

func (s *sqliteStore) putBack(c *sqliteConn) {
	s.rest.Lock()
	s.resting = append(s.resting, c)
	s.rest.Unlock()
	s.free <- struct{}{}
}

// lockFile makes sure that one process owns the file. Two writers on one
// SQLite file would both be right and together wrong: each has ids in hand.
func lockFile(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
		return nil, fmt.Errorf("make folder of database: %w", err)
	}
	f, err := os.OpenFile(path+".lock", os.O_CREATE|os.O_RDWR, privateMode)
	if err != nil {
		return nil, fmt.Errorf("open lock: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder := make([]byte, 20)
		n, _ := f.Read(holder)
		f.Close()
		return nil, fault.Conflict.New("database.in_use", path, strings.TrimSpace(string(holder[:n]))).Because(ErrInUse)
	}
	if err := f.Truncate(0); err == nil {
		fmt.Fprintf(f, "%d\n", os.Getpid())
	}
	return f, nil
}

// privateMode is of new files of a database: it holds what people wrote and how
// they are reached. SQLite gives -wal and -shm the mode of the database.
const privateMode = 0o600

// keepPrivate makes the file of a database before SQLite does, which would let
// everyone on the machine read it, and shuts those that others can read. What
// the owner allowed the group stays.
func keepPrivate(path string) error {
	// Only a file that was not there is opened: closing one gives up the locks
	// that this process has on it.
	f, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_RDWR, privateMode)
	if err == nil {
		err = f.Close()
	}
	if err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make file of database: %w", err)
	}
	for _, name := range []string{path, path + "-wal", path + "-shm", path + ".lock"} {
		info, err := os.Stat(name)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err == nil && info.Mode().IsRegular() && info.Mode().Perm()&0o007 != 0 {
			err = os.Chmod(name, info.Mode().Perm()&^0o007)
		}
		if err != nil {
			return fmt.Errorf("keep %s private: %w", name, err)
		}
	}
	return nil
}

func (s *sqliteStore) unlock() error {
	if s.lock == nil {
		return nil
	}
	return s.lock.Close()
}

func (s *sqliteStore) engine() Engine { return SQLite }

func (s *sqliteStore) do(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	if s.readOnly {
		return errors.New("database was opened for reading")
	}
	c := &command{ctx: ctx, now: now, fn: fn, done: make(chan struct{})}
	if err := s.enqueue(ctx, c); err != nil {
		return err
	}
	<-c.done // a command that has begun is never abandoned: its fate must be known
	if c.panic != nil {
		panic(c.panic)
	}
	if c.err != nil {
		return c.err
	}
	runAfter(c.after)
	return nil
}

func (s *sqliteStore) enqueue(ctx context.Context, c *command) error {
	s.closing.RLock()
	defer s.closing.RUnlock()
	if s.closed {
		return away(errors.New("database is closed"))
	}
	select {
	case s.queue <- c:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// write is the life of the writer: take what waits, commit it together.
func (s *sqliteStore) write() {
	defer close(s.done)
	for first := range s.queue {
		for c := first; c != nil; {
			if c.outside != nil {
				s.runOutside(c)
			} else {
				s.commit(c)
			}
			c, s.held = s.held, nil
		}
	}
}

func (s *sqliteStore) view(ctx context.Context, now func() time.Time, fn func(*Tx) error) error {
	c, err := s.reader(ctx)
	if err != nil {
		return err
	}
	defer s.putBack(c)
	// The snapshot is taken and let go unwatched: see QueryContext.
	if err := c.plain(context.WithoutCancel(ctx), "BEGIN"); err != nil {
		return name(err)
	}
	defer c.plain(context.WithoutCancel(ctx), "ROLLBACK")
	return fn(&Tx{ctx: ctx, exec: c, engine: SQLite, now: moment(now), ids: &idBlock{}})
}

func (s *sqliteStore) close() error {
	s.closing.Lock()
	if s.closed {
		s.closing.Unlock()
		return nil
	}
	s.closed = true
	s.closing.Unlock()
	if s.queue != nil {
		close(s.queue)
		<-s.done
	}
	for range readers {
		c, err := s.reader(context.Background()) // waits for the readers in hand
		if err == nil {
			c.close()
		}
	}
	if s.writer != nil {
		s.writer.close()
	}
	return errors.Join(s.db.Close(), s.unlock())
}

func (c *sqliteConn) close() {
	for _, stmt := range c.stmts {
		stmt.Close()
	}
	c.conn.Close()
}

func (c *sqliteConn) plain(ctx context.Context, query string) error {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return err
	}
	_, err = stmt.ExecContext(ctx)
	return err
}

func (c *sqliteConn) prepared(ctx context.Context, query string) (*sql.Stmt, error) {
	if stmt, ok := c.stmts[query]; ok {
		return stmt, nil
	}
	if len(c.stmts) >= statementLimit {
		for q, stmt := range c.stmts {
			stmt.Close()
			delete(c.stmts, q)
		}
	}
	stmt, err := c.conn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	c.stmts[query] = stmt
	return stmt, nil
}

// ExecContext runs a statement, prepared once a connection.
func (c *sqliteConn) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.ExecContext(ctx, args...)
}

// QueryContext runs a query, prepared once a connection.
//
// A context that has ended begins no query; one that has begun is finished.
// Queries take well under a millisecond, and to watch each for a reader who
// goes away costs two goroutines, more than most of the queries themselves.
func (c *sqliteConn) QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	stmt, err := c.prepared(ctx, query)
	if err != nil {
		return nil, err
	}
	return stmt.QueryContext(ctx, args...)
}

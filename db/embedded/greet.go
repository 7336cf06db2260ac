package embedded

import (
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"
)

const (
	welcome = "\x00\x00\x00\x00" // AuthenticationOk: no password asked for

	// SQLSTATEs that a greeting may meet.
	cannotConnectNow   = "57P03"
	tooManyConnections = "53300"
)

// greet does the start of PostgreSQL's protocol on the socket and returns the open connection, or nil
// when nobody answers or PostgreSQL says "not now". Any other refusal is an error in its own words.
func greet(where address) (net.Conn, error) {
	conn, err := net.DialTimeout("unix", where.socket(), time.Second)
	if err != nil {
		return nil, nil
	}
	kind, body, err := exchangeGreeting(conn)
	if err == nil && kind == 'R' && body == welcome {
		conn.SetDeadline(time.Time{})
		return conn, nil
	}
	conn.Close()
	if err != nil {
		return nil, nil // it ended while we spoke
	}
	if kind != 'E' {
		return nil, fmt.Errorf("The PostgreSQL on %s asks for a password. Its pg_hba.conf has to trust the socket.", where.folder)
	}
	switch code := errorField(body, 'C'); code {
	case cannotConnectNow, tooManyConnections:
		return nil, nil
	default:
		return nil, fmt.Errorf("The PostgreSQL on %s refuses user %s: %s (%s).", where.folder, adminUser, errorField(body, 'M'), code)
	}
}

// exchangeGreeting sends the start-up message, protocol 3.0, and reads the first message of the answer.
func exchangeGreeting(conn net.Conn) (kind byte, body string, err error) {
	conn.SetDeadline(time.Now().Add(2 * time.Second))
	parameters := "user\x00" + adminUser + "\x00database\x00postgres\x00application_name\x00gatehouse\x00\x00"
	message := binary.BigEndian.AppendUint32(nil, uint32(8+len(parameters)))
	message = binary.BigEndian.AppendUint32(message, 3<<16)
	if _, err := conn.Write(append(message, parameters...)); err != nil {
		return 0, "", err
	}
	var head [5]byte
	if _, err := io.ReadFull(conn, head[:]); err != nil {
		return 0, "", err
	}
	length := int64(binary.BigEndian.Uint32(head[1:])) - 4
	content, err := io.ReadAll(io.LimitReader(conn, min(length, 64<<10)))
	return head[0], string(content), err
}

// errorField picks one field out of an ErrorResponse: each is a letter, a text and a zero byte.
func errorField(body string, letter byte) string {
	for field := range strings.SplitSeq(body, "\x00") {
		if field != "" && field[0] == letter {
			return field[1:]
		}
	}
	return ""
}

// waitForEnd reads until the connection ends, and closes it.
func waitForEnd(conn net.Conn) {
	io.Copy(io.Discard, conn)
	conn.Close()
}

// leave has the server end the connection; without the word, its log would complain.
func leave(conn net.Conn) error {
	conn.SetDeadline(time.Now().Add(time.Second))
	_, err := conn.Write([]byte{'X', 0, 0, 0, 4})
	return err
}

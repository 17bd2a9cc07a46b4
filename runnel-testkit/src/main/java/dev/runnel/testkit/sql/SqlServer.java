package dev.runnel.testkit.sql;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * The program behind {@link ChildSession}: one connection, statements on standard input. Each is answered by its rows,
 * a line {@code |row} each, and then {@code =} or {@code !code message}. It ends with its input.
 */
public final class SqlServer {
    static final String CONNECT = ".connect";
    static final String DISCONNECT = ".disconnect";

    private SqlServer() {}

    public static void main(String[] arguments) throws IOException {
        PrintStream out = new PrintStream(System.out, false, StandardCharsets.UTF_8);
        try (JdbcSession session = JdbcSession.open(Path.of(arguments[0]));
                BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            answer("=", out);
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                answer(reply(session, line, out), out);
            }
        }
    }

    private static String reply(JdbcSession session, String line, PrintStream out) {
        try {
            switch (line) {
                case CONNECT -> session.connect();
                case DISCONNECT -> session.disconnect();
                default -> session.rows(line).forEach(row -> out.println("|" + row));
            }
            return "=";
        } catch (SqlFailure e) {
            return "!" + e.code() + " " + String.valueOf(e.getMessage()).replace('\n', ' ');
        }
    }

    private static void answer(String line, PrintStream out) {
        out.println(line);
        out.flush();
    }
}

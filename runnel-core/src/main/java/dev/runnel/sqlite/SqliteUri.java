package dev.runnel.sqlite;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * A file name as the URI that SQLite takes, byte for byte: UTF-8, everything but plain characters percent-encoded, because
 * the driver takes '?' for the start of its own parameters. {@code java.net.URI} is of no use here: its ASCII form composes
 * letters and accents (NFC), which is the name of another file.
 */
final class SqliteUri {
    private static final String PLAIN = "/-._~";

    private SqliteUri() {}

    static String of(Path file) {
        StringBuilder uri = new StringBuilder("file:");
        for (byte b : file.toAbsolutePath().toString().getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xff;
            if (c < 0x80 && (Character.isLetterOrDigit(c) || PLAIN.indexOf(c) >= 0)) {
                uri.append((char) c);
            } else {
                uri.append('%').append(Character.forDigit(c >> 4, 16)).append(Character.forDigit(c & 15, 16));
            }
        }
        return uri.toString();
    }
}

package dev.runnel.cli.control;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A request or a response of HTTP/1.1 (RFC 9112), the only one of its connection. Its body has a length; bodies in chunks are
 * refused.
 *
 * @param start the first line
 * @param headers by names in lower case
 */
record HttpMessage(String start, Map<String, String> headers, byte[] body) {
    /** In bytes: the first line and the headers. */
    private static final int LARGEST_HEAD = 16 << 10;

    /** In bytes; a status of ten thousand databases. */
    private static final int LARGEST_BODY = 16 << 20;

    private static final String LENGTH = "content-length";

    /** What cannot be read as such a message. */
    static final class FormatException extends IOException {
        private static final long serialVersionUID = 1L;

        FormatException(String message) {
            super(message);
        }
    }

    /** A message with a body of JSON. */
    static HttpMessage ofJson(String start, String json) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("host", "localhost");
        headers.put("content-type", "application/json");
        headers.put("connection", "close");
        return new HttpMessage(start, headers, json.getBytes(StandardCharsets.UTF_8));
    }

    /**
     * Reads one.
     *
     * @throws FormatException if it is none
     * @throws EOFException if it is not whole
     */
    static HttpMessage read(InputStream in) throws IOException {
        String start = "";
        Map<String, String> headers = new LinkedHashMap<>();
        int left = LARGEST_HEAD;
        for (String line = readLine(in, left); !line.isEmpty(); line = readLine(in, left)) {
            left -= line.length() + 2;
            if (start.isEmpty()) {
                start = line;
                continue;
            }
            int colon = line.indexOf(':');
            if (colon <= 0) {
                throw new FormatException("not a header: " + line);
            }
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (start.isEmpty()) {
            throw new FormatException("the first line is empty");
        }
        return new HttpMessage(start, headers, readBody(in, headers));
    }

    private static byte[] readBody(InputStream in, Map<String, String> headers) throws IOException {
        if (headers.containsKey("transfer-encoding")) {
            throw new FormatException("a body in chunks is not taken; send Content-Length");
        }
        int length = parseLength(headers.getOrDefault(LENGTH, "0"));
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the body has " + body.length + " of " + length + " bytes");
        }
        return body;
    }

    private static int parseLength(String text) throws FormatException {
        try {
            int length = Integer.parseInt(text);
            if (length >= 0 && length <= LARGEST_BODY) {
                return length;
            }
        } catch (NumberFormatException _) {
            // Said below.
        }
        throw new FormatException("expected a Content-Length up to " + LARGEST_BODY + ", found " + text);
    }

    private static String readLine(InputStream in, int limit) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the connection ended before the message");
            }
            if (line.size() >= limit) {
                throw new FormatException("more than " + LARGEST_HEAD + " bytes of headers");
            }
            line.write(next);
        }
        String text = line.toString(StandardCharsets.UTF_8);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /** Writes it with its length. */
    void writeTo(OutputStream out) throws IOException {
        StringBuilder head = new StringBuilder(start).append("\r\n");
        headers.forEach(
                (name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
        head.append(LENGTH).append(": ").append(body.length).append("\r\n\r\n");
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(head.toString().getBytes(StandardCharsets.UTF_8));
        all.writeBytes(body);
        out.write(all.toByteArray());
        out.flush();
    }

    /** A part of the first line, from 0. */
    Optional<String> word(int index) {
        String[] words = start.split(" ", -1);
        return index < words.length ? Optional.of(words[index]) : Optional.empty();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }
}

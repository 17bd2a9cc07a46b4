package dev.runnel.age;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Reads a header from the first bytes of an object, as strictly as the format demands. */
final class HeaderParser {
    private static final int MAC = 32;

    private final byte[] bytes;
    private int position;

    private HeaderParser(byte[] bytes) {
        this.bytes = bytes;
    }

    /**
     * The header with which some bytes begin; empty if it does not end within them.
     *
     * @throws HeaderException if it is none
     */
    static Optional<Header> parse(byte[] start) throws HeaderException {
        return new HeaderParser(start).parse();
    }

    private Optional<Header> parse() throws HeaderException {
        byte[] version = Header.VERSION.getBytes(StandardCharsets.US_ASCII);
        int common = Math.min(version.length, bytes.length);
        if (!Arrays.equals(version, 0, common, bytes, 0, common)) {
            throw new HeaderException.NotEncrypted();
        }
        position = common;
        List<Stanza> stanzas = new ArrayList<>();
        while (true) {
            int start = position;
            Optional<String> line = line();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            if (line.get().startsWith(Header.END)) {
                return Optional.of(end(stanzas, start, line.get()));
            }
            List<String> arguments = arguments(line.get());
            Optional<byte[]> body = body();
            if (body.isEmpty()) {
                return Optional.empty();
            }
            stanzas.add(new Stanza(arguments, body.get()));
        }
    }

    private Header end(List<Stanza> stanzas, int start, String line) throws HeaderException {
        String prefix = Header.END + " ";
        byte[] mac = Optional.of(line)
                .filter(text -> text.startsWith(prefix))
                .flatMap(text -> Stanza.decode(text.substring(prefix.length())))
                .filter(found -> found.length == MAC)
                .orElseThrow(() -> malformed(start, "an authentication code was expected"));
        if (stanzas.isEmpty()) {
            throw malformed(start, "it names no recipient");
        }
        return new Header(Arrays.copyOf(bytes, position), start + Header.END.length(), stanzas, mac);
    }

    private List<String> arguments(String line) throws HeaderException {
        if (!line.startsWith(Stanza.START)) {
            throw malformed(position, "a recipient was expected");
        }
        List<String> arguments = List.of(line.substring(Stanza.START.length()).split(" ", -1));
        boolean visible = arguments.stream()
                .allMatch(text -> !text.isEmpty() && text.chars().allMatch(c -> c > ' ' && c <= '~'));
        if (!visible) {
            throw malformed(position, "a recipient's arguments were expected");
        }
        return arguments;
    }

    /** Full lines and one that is not. */
    private Optional<byte[]> body() throws HeaderException {
        StringBuilder text = new StringBuilder();
        while (true) {
            Optional<String> line = line();
            if (line.isEmpty()) {
                return Optional.empty();
            }
            if (line.get().length() > Stanza.LINE || Stanza.decode(line.get()).isEmpty()) {
                throw malformed(position, "a recipient's body was expected");
            }
            text.append(line.get());
            if (line.get().length() < Stanza.LINE) {
                return Stanza.decode(text.toString());
            }
        }
    }

    private Optional<String> line() {
        for (int i = position; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                String line = new String(bytes, position, i - position, StandardCharsets.ISO_8859_1);
                position = i + 1;
                return Optional.of(line);
            }
        }
        return Optional.empty();
    }

    private static HeaderException malformed(int position, String what) {
        return new HeaderException.Malformed("at offset " + position + " " + what);
    }
}

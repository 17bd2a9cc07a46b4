package dev.runnel.age;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Where the header of an age file ends, and for what kinds of recipients it is. Finding that takes no identity, so that a
 * listing can compute sizes on a host that only encrypts; what else the header says is checked when the object is opened.
 *
 * @param length in bytes
 * @param recipientTypes of every recipient, in the order of the header
 */
record Header(int length, List<String> recipientTypes) {
    private static final String VERSION = "age-encryption.org/v1\n";
    private static final String ARMOR = "-----BEGIN AGE ENCRYPTED FILE-----";
    private static final String RECIPIENT = "-> ";
    private static final String END = "---";

    /** The last line: its start, a space, and 32 bytes in base64. */
    private static final int END_LENGTH = END.length() + 1 + 43;

    Header {
        recipientTypes = List.copyOf(recipientTypes);
    }

    /**
     * The header with which some bytes begin; empty if it does not end within them.
     *
     * @throws HeaderException if they do not begin with a header
     */
    static Optional<Header> find(byte[] bytes) throws HeaderException {
        if (!startsWith(bytes, VERSION)) {
            throw bytes.length >= ARMOR.length() && startsWith(bytes, ARMOR)
                    ? new HeaderException.Armored()
                    : new HeaderException.NotEncrypted();
        }
        List<String> types = new ArrayList<>();
        int position = VERSION.length();
        while (true) {
            Optional<String> found = line(bytes, position);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            String line = found.get();
            if (line.startsWith(END)) {
                check(types, line);
                return Optional.of(new Header(position + line.length() + 1, types));
            }
            if (line.startsWith(RECIPIENT)) {
                types.add(line.substring(RECIPIENT.length()).split(" ", 2)[0]);
            }
            position += line.length() + 1;
        }
    }

    private static void check(List<String> types, String end) throws HeaderException {
        if (end.length() != END_LENGTH) {
            throw new HeaderException.Malformed("its last line is not an authentication code");
        }
        if (types.isEmpty()) {
            throw new HeaderException.Malformed("it names no recipient");
        }
    }

    /** Whether bytes begin with a text, or with a part of it if there are not as many. */
    private static boolean startsWith(byte[] bytes, String text) {
        byte[] expected = text.getBytes(StandardCharsets.US_ASCII);
        int common = Math.min(expected.length, bytes.length);
        return Arrays.equals(expected, 0, common, bytes, 0, common);
    }

    private static Optional<String> line(byte[] bytes, int position) {
        for (int i = position; i < bytes.length; i++) {
            if (bytes[i] == '\n') {
                return Optional.of(new String(bytes, position, i - position, StandardCharsets.ISO_8859_1));
            }
        }
        return Optional.empty();
    }
}

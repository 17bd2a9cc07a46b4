package dev.runnel.age;

import java.util.Base64;
import java.util.List;
import java.util.Optional;

/** The part of a header that gives the file key to one recipient. */
final class Stanza {
    static final String START = "-> ";

    /** Characters in a full line of a body; the last line is shorter, if only by being empty. */
    static final int LINE = 64;

    private static final Base64.Encoder ENCODER = Base64.getEncoder().withoutPadding();

    private final List<String> arguments;
    private final byte[] body;

    Stanza(List<String> arguments, byte[] body) {
        this.arguments = List.copyOf(arguments);
        this.body = body;
    }

    /** First what kind of recipient it is for. */
    List<String> arguments() {
        return arguments;
    }

    byte[] body() {
        return body;
    }

    /** As it stands in a header. Only for bodies that fill less than a line. */
    String text() {
        return START + String.join(" ", arguments) + "\n" + encode(body) + "\n";
    }

    static String encode(byte[] bytes) {
        return ENCODER.encodeToString(bytes);
    }

    /** The bytes of a text, if it is the one way to write them. */
    static Optional<byte[]> decode(String text) {
        try {
            byte[] bytes = Base64.getDecoder().decode(text);
            return encode(bytes).equals(text) ? Optional.of(bytes) : Optional.empty();
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }
}

package dev.runnel.age;

import java.io.ByteArrayOutputStream;
import java.util.Locale;
import java.util.Optional;

/** Bytes as text with a readable prefix and a checksum (BIP 173), without its limit of 90 characters. */
final class Bech32 {
    private static final String ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    private static final char SEPARATOR = '1';
    private static final int CHECKSUM_SIZE = 6;
    private static final int[] GENERATOR = {0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3};

    private Bech32() {}

    /** The text in lower case. */
    static String encode(String prefix, byte[] data) {
        StringBuilder text = new StringBuilder(prefix).append(SEPARATOR);
        int checksum = ofPrefix(prefix);
        int bits = 0;
        int held = 0;
        for (byte octet : data) {
            bits = (bits << 8) | (octet & 0xff);
            for (held += 8; held >= 5; held -= 5) {
                checksum = append(text, checksum, (bits >>> (held - 5)) & 31);
            }
        }
        if (held > 0) {
            checksum = append(text, checksum, (bits << (5 - held)) & 31);
        }
        for (int i = 0; i < CHECKSUM_SIZE; i++) {
            checksum = next(checksum, 0);
        }
        checksum ^= 1;
        for (int i = CHECKSUM_SIZE - 1; i >= 0; i--) {
            text.append(ALPHABET.charAt((checksum >>> (5 * i)) & 31));
        }
        return text.toString();
    }

    /** The bytes of a text, if it is one with this prefix, all in the prefix's case, and its checksum is right. */
    static Optional<byte[]> decode(String prefix, String text) {
        String start = prefix + SEPARATOR;
        String lower = text.toLowerCase(Locale.ROOT);
        boolean oneCase = text.equals(lower) || text.equals(text.toUpperCase(Locale.ROOT));
        if (!oneCase || !text.startsWith(start) || text.length() < start.length() + CHECKSUM_SIZE) {
            return Optional.empty();
        }
        ByteArrayOutputStream data = new ByteArrayOutputStream();
        int checksum = ofPrefix(prefix.toLowerCase(Locale.ROOT));
        int bits = 0;
        int held = 0;
        for (int i = start.length(); i < lower.length(); i++) {
            int value = ALPHABET.indexOf(lower.charAt(i));
            if (value < 0) {
                return Optional.empty();
            }
            checksum = next(checksum, value);
            if (i < lower.length() - CHECKSUM_SIZE) {
                bits = (bits << 5) | value;
                held += 5;
                if (held >= 8) {
                    held -= 8;
                    data.write(bits >>> held);
                }
            }
        }
        boolean padded = held < 5 && (bits & ((1 << held) - 1)) == 0;
        return checksum == 1 && padded ? Optional.of(data.toByteArray()) : Optional.empty();
    }

    private static int append(StringBuilder text, int checksum, int value) {
        text.append(ALPHABET.charAt(value));
        return next(checksum, value);
    }

    private static int ofPrefix(String prefix) {
        int checksum = 1;
        for (int i = 0; i < prefix.length(); i++) {
            checksum = next(checksum, prefix.charAt(i) >>> 5);
        }
        checksum = next(checksum, 0);
        for (int i = 0; i < prefix.length(); i++) {
            checksum = next(checksum, prefix.charAt(i) & 31);
        }
        return checksum;
    }

    private static int next(int checksum, int value) {
        int top = checksum >>> 25;
        int next = ((checksum & 0x1ffffff) << 5) ^ value;
        for (int i = 0; i < GENERATOR.length; i++) {
            next ^= ((top >>> i) & 1) == 1 ? GENERATOR[i] : 0;
        }
        return next;
    }
}

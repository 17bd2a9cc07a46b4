package dev.runnel.cli.config;

import java.math.BigDecimal;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Sizes in bytes: a number alone, or with a unit: {@code kB}, {@code MB} are powers of 1000, {@code KiB}, {@code MiB} of 1024. */
final class ByteSize {
    private static final Pattern SIZE = Pattern.compile("([0-9][0-9,]*(?:\\.[0-9]+)?)\\s*([a-z]*)");

    private ByteSize() {}

    /**
     * Reads a size.
     *
     * @throws IllegalArgumentException if the text is none
     */
    static long parse(String text) {
        Matcher matcher = SIZE.matcher(text.toLowerCase(Locale.ROOT));
        if (!matcher.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is not a size");
        }
        BigDecimal number = new BigDecimal(matcher.group(1).replace(",", ""));
        BigDecimal bytes = number.multiply(BigDecimal.valueOf(unit(matcher.group(2), text)));
        if (bytes.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0) {
            throw new IllegalArgumentException("\"" + text + "\" is too large");
        }
        return bytes.longValue();
    }

    private static long unit(String unit, String text) {
        return switch (unit) {
            case "", "b" -> 1L;
            case "k", "kb" -> 1_000L;
            case "m", "mb" -> 1_000_000L;
            case "g", "gb" -> 1_000_000_000L;
            case "t", "tb" -> 1_000_000_000_000L;
            case "ki", "kib" -> 1L << 10;
            case "mi", "mib" -> 1L << 20;
            case "gi", "gib" -> 1L << 30;
            case "ti", "tib" -> 1L << 40;
            default -> throw new IllegalArgumentException("\"" + text + "\" is not a size");
        };
    }
}

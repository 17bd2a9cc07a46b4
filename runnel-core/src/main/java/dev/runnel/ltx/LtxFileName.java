package dev.runnel.ltx;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of an LTX file within its folder: {@code <min>-<max>.ltx}, TXIDs in 16 lower-case hex digits. */
public final class LtxFileName {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})-([0-9a-f]{16})\\.ltx");

    private LtxFileName() {}

    public static String of(TxidRange txids) {
        return txids + ".ltx";
    }

    /** The TXIDs in a file name, or empty if it is not the name of an LTX file. */
    public static Optional<TxidRange> parse(String name) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long min = Long.parseUnsignedLong(matcher.group(1), 16);
        long max = Long.parseUnsignedLong(matcher.group(2), 16);
        if (min <= 0 || max < min || max > Txid.HIGHEST.value()) {
            return Optional.empty();
        }
        return Optional.of(new TxidRange(new Txid(min), new Txid(max)));
    }
}

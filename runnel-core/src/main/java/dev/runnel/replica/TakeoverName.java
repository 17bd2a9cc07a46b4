package dev.runnel.replica;

import dev.runnel.ltx.Txid;
import dev.runnel.store.ObjectInfo;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The name of the object that records a takeover: {@code <TXID>.adopted} or {@code <TXID>.encrypted}, 16 hex digits. */
public final class TakeoverName {
    private static final Pattern NAME = Pattern.compile("([0-9a-f]{16})\\.([a-z]+)");

    private TakeoverName() {}

    public static String of(Txid last, Takeover.Kind kind) {
        return last + "." + kind.suffix();
    }

    /**
     * What an object records; empty if it is not such a record.
     *
     * @param name the last part of its key
     */
    public static Optional<Takeover> parse(String name, ObjectInfo object) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        long txid = Long.parseUnsignedLong(matcher.group(1), 16);
        for (Takeover.Kind kind : Takeover.Kind.values()) {
            if (kind.suffix().equals(matcher.group(2)) && txid >= 0) {
                return Optional.of(new Takeover(new Txid(txid), kind, object.time(), object.key()));
            }
        }
        return Optional.empty();
    }
}

package dev.runnel.cli.config;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The keys that a file written for Litestream 0.3 or 0.5 may have and that this program does not read, each with what
 * to say about it. None is ignored silently.
 */
record ForeignKeys(Map<String, Standing> standings) {
    /** Why a key is not read. */
    sealed interface Standing {}

    /** The key asks for something that is not there; starting without it would break the file's promise. */
    record NotBuilt(String what) implements Standing {}

    /** The key steers something that is not done here, so nothing is missed without it. */
    record NotNeeded(String why) implements Standing {}

    /** The key belongs to something that a problem was reported about already. */
    record Covered() implements Standing {}

    Optional<Standing> standingOf(String key) {
        return Optional.ofNullable(standings.get(key));
    }

    Set<String> names() {
        return standings.keySet();
    }
}

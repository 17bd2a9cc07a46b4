package dev.runnel.replica;

import dev.runnel.store.Body;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.store.StoreException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/** The content of a record of a takeover, for people. What counts is its name. */
public record TakeoverBody(String text) implements Body {
    /** Stores it, unless it is there already. */
    public void storeAt(ObjectStore store, String key, Instant time) throws StoreException {
        try {
            store.put(key, this, new PutOptions(Optional.of(time), PutOptions.Existing.KEEP_AND_FAIL));
        } catch (StoreException.Exists _) {
            // The first one counts: it says everything by its name, and its time is the earlier one.
        }
    }

    @Override
    public OptionalLong length() {
        return OptionalLong.of(text.getBytes(StandardCharsets.UTF_8).length);
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}

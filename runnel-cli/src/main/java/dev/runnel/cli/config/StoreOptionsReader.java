package dev.runnel.cli.config;

import dev.runnel.age.AgeKeyException;
import dev.runnel.age.AgeKeys;
import dev.runnel.setup.StoreOptions;
import dev.runnel.store.RateLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads the keys of a replica that have nothing to do with where it is. */
final class StoreOptionsReader {
    private static final ForeignKeys NONE = new ForeignKeys(Map.of());

    private StoreOptionsReader() {}

    static StoreOptions read(Section replica) {
        Optional<AgeKeys> keys = keys(replica);
        OptionalLong requests =
                limit(replica.take("max-requests-per-second").flatMap(value -> value.as(StoreOptionsReader::number)));
        OptionalLong bytes = limit(replica.take("max-bytes-per-second").flatMap(StoreOptionsReader::size));
        return new StoreOptions(keys, new RateLimits(requests, bytes));
    }

    /** Whatever is wrong with encryption that was asked for stops the program: without it, nothing would be secret. */
    private static Optional<AgeKeys> keys(Section replica) {
        Optional<Section> section = replica.take("age").flatMap(Value::section);
        if (replica.hasLost("age")) {
            replica.problem("age", "the environment variable is empty or not set, so nothing would be encrypted");
        }
        if (section.isEmpty()) {
            return Optional.empty();
        }
        List<String> identities = texts(section.get(), "identities");
        List<String> recipients = texts(section.get(), "recipients");
        section.get().finish(NONE);
        if (identities.isEmpty() && recipients.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(AgeKeys.parse(identities, recipients));
        } catch (AgeKeyException e) {
            replica.problem("age", e.reason() + ". " + e.nextStep());
            return Optional.empty();
        }
    }

    private static List<String> texts(Section section, String key) {
        List<String> texts = new ArrayList<>();
        section.take(key)
                .ifPresent(list -> list.items().forEach(item -> item.text().ifPresent(texts::add)));
        if (section.hasLost(key)) {
            texts.add("");
        }
        return texts;
    }

    private static long number(String text) {
        if (!text.matches("[1-9][0-9]{0,8}")) {
            throw new IllegalArgumentException("expected a number above 0, found \"" + text + "\"");
        }
        return Long.parseLong(text);
    }

    private static Optional<Long> size(Value value) {
        Optional<Long> size = value.byteSize();
        return size.isPresent() && size.get() < 1 ? value.wrong("must be greater than 0") : size;
    }

    private static OptionalLong limit(Optional<Long> value) {
        return value.isPresent() ? OptionalLong.of(value.get()) : OptionalLong.empty();
    }
}

package dev.runnel.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.AgeKeys;
import dev.runnel.age.AgeStore;
import dev.runnel.age.Identity;
import dev.runnel.engine.DatabaseSpec.ListingIntervals;
import dev.runnel.ltx.Txid;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.replica.ltx.ModelDatabase;
import dev.runnel.store.ObjectInfo;
import dev.runnel.testkit.SimulatedClock;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Days after the keys of encrypted history were replaced, with retention of one day. */
@Tag("slow")
final class RotatedKeysTest {
    private static final Duration BEFORE = Duration.ofHours(3);
    private static final Duration AFTER = Duration.ofHours(60);
    private static final Duration BETWEEN_COMMITS = Duration.ofMinutes(20);

    private final SimulatedClock clock = new SimulatedClock(ModelDatabase.ORIGIN);
    private final Identity former = Identity.generate();
    private final Identity latter = Identity.generate();
    private AgeKeys keys = new AgeKeys(List.of(former), List.of(former.recipient()));

    @ParameterizedTest
    @EnumSource
    void i55WhatOnlyTheFormerKeysOpenStaysAndEverythingElseGoesOn(SimulatedLayout layout) throws Exception {
        SimulatedStore store = new SimulatedStore(clock, layout.listsUploads(), _ -> {});
        SimulatedMachine resources = replicate(store, layout, BEFORE);
        resources.stop();
        Map<String, ByteBuffer> before = contents(store);

        keys = new AgeKeys(List.of(latter), List.of(latter.recipient()));
        resources.start();
        commits(resources, AFTER);

        assertComplete(resources, layout, store);
        assertThat(contents(store)).containsAllEntriesOf(before);
        assertThat(newSnapshots(store, before.keySet())).hasSizeBetween(2, 3);
    }

    @ParameterizedTest
    @EnumSource
    void withBothIdentitiesTheHistoryGoesOnAndRetentionRemovesWhatWasEncryptedBefore(SimulatedLayout layout)
            throws Exception {
        SimulatedStore store = new SimulatedStore(clock, layout.listsUploads(), _ -> {});
        SimulatedMachine resources = replicate(store, layout, BEFORE);
        Map<String, ByteBuffer> before = contents(store);
        Txid newest = resources.newest();
        byte[] content = resources.content();

        resources.stop();
        keys = new AgeKeys(List.of(former, latter), List.of(latter.recipient()));
        resources.start();
        assertThat(restored(layout, store, new RestoreTarget.AtTxid(newest))).isEqualTo(content);
        commits(resources, AFTER);

        assertComplete(resources, layout, store);
        assertThat(contents(store).keySet()).doesNotContainAnyElementsOf(history(before.keySet()));
    }

    private SimulatedMachine replicate(SimulatedStore store, SimulatedLayout layout, Duration length) throws Exception {
        SimulatedMachine resources = new SimulatedMachine(
                new Random(1),
                clock,
                ListingIntervals.OFTEN,
                Map.of("only", () -> open(layout, store)),
                (_, _) -> {},
                () -> {});
        resources.hasKeys();
        resources.start();
        commits(resources, length);
        return resources;
    }

    private void commits(SimulatedMachine resources, Duration length) throws IOException, InterruptedException {
        long end = clock.ticks() + length.toNanos();
        while (clock.ticks() < end) {
            resources.commit();
            resources.run(BETWEEN_COMMITS);
        }
    }

    private Replica open(SimulatedLayout layout, SimulatedStore store) {
        return layout.open(new AgeStore(store, keys), clock);
    }

    private void assertComplete(SimulatedMachine resources, SimulatedLayout layout, SimulatedStore store)
            throws IOException {
        assertThat(resources.actor("only").health()).isEqualTo(new Health.Healthy());
        assertThat(resources.actor("only").shipped()).isEqualTo(resources.newest());
        assertThat(restored(layout, store, new RestoreTarget.Latest())).isEqualTo(resources.content());
    }

    private byte[] restored(SimulatedLayout layout, SimulatedStore store, RestoreTarget target) throws IOException {
        return SimulatedRestores.restore(open(layout, store), target, clock);
    }

    private static List<String> newSnapshots(SimulatedStore store, Set<String> before) {
        return store.all().stream()
                .map(ObjectInfo::key)
                .filter(key -> !before.contains(key) && SimulatedLayout.isSnapshot(key))
                .toList();
    }

    private static List<String> history(Set<String> keys) {
        return keys.stream()
                .filter(key -> SimulatedLayout.parse(key).isPresent())
                .toList();
    }

    private static Map<String, ByteBuffer> contents(SimulatedStore store) throws IOException {
        Map<String, ByteBuffer> contents = new HashMap<>();
        for (ObjectInfo object : store.all()) {
            contents.put(object.key(), ByteBuffer.wrap(store.content(object.key())));
        }
        return contents;
    }
}

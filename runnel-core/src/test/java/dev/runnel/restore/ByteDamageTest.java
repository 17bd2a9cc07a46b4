package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.LtxHeader;
import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Damages a replica of a few files in every way that takes one step: what restores is right, or the fault is named. */
@Tag("slow")
class ByteDamageTest {
    private static final String NEWEST = "ltx/0/0000000000000007-0000000000000007.ltx";
    private static final RestoreTarget LATEST = new RestoreTarget.Latest();

    private final MemoryStore store = new MemoryStore(Clock.system());

    @ParameterizedTest
    @EnumSource
    void i22EachByteFlipped(ModelHistory.Proofs proofs) throws IOException {
        byte[] expected = history(proofs);
        int named = 0;
        for (ObjectInfo file : files()) {
            for (int at = 0; at < file.size(); at++) {
                for (int bit : bits(at)) {
                    Mutations damaged = new Mutations(store);
                    damaged.flip(file.key(), at, bit);
                    named += check(damaged, expected, file.key()) ? 0 : 1;
                }
            }
        }
        assertThat(named).as("flips that were found out").isGreaterThan(1000);
    }

    @ParameterizedTest
    @EnumSource
    void i22EachFileCutAtEachLength(ModelHistory.Proofs proofs) throws IOException {
        byte[] expected = history(proofs);
        for (ObjectInfo file : files()) {
            for (int length = 0; length < file.size(); length++) {
                Mutations damaged = new Mutations(store);
                damaged.cut(file.key(), length);
                assertThat(check(damaged, expected, file.key()))
                        .as("%s cut at %d was restored", file.key(), length)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void i20EachFileShorterThanListed(ModelHistory.Proofs proofs) throws IOException {
        byte[] expected = history(proofs);
        for (ObjectInfo file : files()) {
            for (int length = 0; length < file.size(); length++) {
                Mutations damaged = new Mutations(store);
                damaged.cutAfterListing(file.key(), length);
                assertThat(check(damaged, expected, file.key())).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void i20ALargeFileShorterThanListed(ModelHistory.Proofs proofs) throws IOException {
        ModelHistory history = new ModelHistory(store, new PageSize(65536), proofs);
        Map<Integer, byte[]> pages = new HashMap<>();
        for (int number = 1; number <= 20; number++) {
            pages.put(number, noise(65536, number));
        }
        history.baseline(history.change(20, pages));
        ObjectInfo file = files().getFirst();
        for (int length = 0; length < file.size(); length += 65537) {
            Mutations damaged = new Mutations(store);
            damaged.cutAfterListing(file.key(), length);
            assertThat(check(damaged, new byte[0], file.key())).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void i22EachFileGone(ModelHistory.Proofs proofs) throws IOException {
        byte[] expected = history(proofs);
        for (ObjectInfo file : files()) {
            Mutations damaged = new Mutations(store);
            damaged.remove(file.key());
            if (file.key().equals(NEWEST)) {
                assertThat(Images.read(Restores.replica(damaged), LATEST).plan().reached())
                        .isEqualTo(new Txid(6));
            } else {
                assertThat(check(damaged, expected, "missing")).isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void i22EachFileInThePlaceOfEachOther(ModelHistory.Proofs proofs) throws IOException {
        byte[] expected = history(proofs);
        for (ObjectInfo file : files()) {
            for (ObjectInfo other : files()) {
                Mutations damaged = new Mutations(store);
                damaged.replace(file.key(), other.key());
                boolean right = check(damaged, expected, file.key());
                assertThat(right).isEqualTo(file.key().equals(other.key()));
            }
        }
    }

    /** Every bit of the header, where each means something else; one of each byte behind it. */
    private static int[] bits(int at) {
        return at < LtxHeader.SIZE ? new int[] {0, 1, 2, 3, 4, 5, 6, 7} : new int[] {at % 8};
    }

    /** Whether the right bytes came out; if not, the error has to name the file. */
    private static boolean check(Mutations damaged, byte[] expected, String name) throws IOException {
        Optional<byte[]> restored = restore(damaged, name);
        restored.ifPresent(bytes -> assertThat(bytes).as("damaged %s", name).isEqualTo(expected));
        return restored.isPresent();
    }

    private static Optional<byte[]> restore(Mutations damaged, String name) throws IOException {
        try {
            return Optional.of(Images.read(Restores.replica(damaged), LATEST).bytes());
        } catch (ReplicaException e) {
            assertThat(e).hasMessageContaining(name);
            assertThat(e.nextStep()).isNotEmpty();
            return Optional.empty();
        }
    }

    private List<ObjectInfo> files() {
        return store.list("", Optional.empty()).toList();
    }

    /**
     * A baseline, change sets, a merged file; one shrinks the database, one lets it grow again. No TXID is in two files, so
     * that each is needed. Only the loss of the newest leaves no trace at the replica; the answer then names the TXID before.
     */
    private byte[] history(ModelHistory.Proofs proofs) throws IOException {
        ModelHistory history = new ModelHistory(store, new PageSize(512), proofs);
        history.change(6, Map.of(1, page(1), 2, page(2), 6, page(6)));
        history.baseline(history.change(6, Map.of(3, page(3))));
        history.ship(history.change(6, Map.of(1, page(11), 5, page(5))));
        history.ship(history.change(4, Map.of(2, page(22))));
        history.change(4, Map.of(2, page(23), 3, page(33)));
        history.change(7, Map.of(5, page(55), 7, page(77)));
        history.put(1, new TxidRange(new Txid(5), new Txid(6)));
        Txid newest = history.change(7, Map.of(1, page(111)));
        history.ship(newest);
        assertThat(files().stream().mapToLong(ObjectInfo::size).sum()).isBetween(2000L, 20_000L);
        return history.imageAt(newest);
    }

    /** Half noise, half zeros, so that it compresses. */
    private static byte[] page(int seed) {
        return Arrays.copyOf(noise(256, seed), 512);
    }

    private static byte[] noise(int size, int seed) {
        byte[] noise = new byte[size];
        new Random(seed).nextBytes(noise);
        return noise;
    }
}

package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.ltx.PageSize;
import dev.runnel.ltx.Txid;
import dev.runnel.ltx.TxidRange;
import dev.runnel.platform.Clock;
import dev.runnel.platform.RunnelException;
import dev.runnel.replica.Replica;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.Body;
import dev.runnel.store.ByteRange;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.PutOptions;
import dev.runnel.testkit.CrashDisk;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Strange names among the files of a replica: what restores is right, or the error says what is in the way. */
final class NamesFuzzTest {
    private static final int ROUNDS = Integer.getInteger("runnel.fuzz.rounds", 400);
    private static final PageSize PAGE_SIZE = new PageSize(512);
    private static final int NEWEST = 6;

    private final long seed = Long.getLong("runnel.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @Test
    @Timeout(120)
    void i38StrangeNamesAtAReplicaDoNoHarm() throws IOException {
        System.out.println("NamesFuzzTest: seed " + seed + " (-Drunnel.seed)");
        int restored = 0;
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
            MemoryStore store = new MemoryStore(Clock.system());
            ModelHistory history = history(store);
            List<String> planted = new ArrayList<>();
            for (int i = random.nextInt(4); i >= 0; i--) {
                planted.add(plant(store));
            }
            try {
                if (isRestored(Restores.replica(store), history)) {
                    restored++;
                } else {
                    refused++;
                }
            } catch (RuntimeException | Error e) {
                throw new AssertionError("seed " + seed + ", planted " + planted, e);
            }
        }
        assertThat(restored).as("restored").isPositive();
        assertThat(refused).as("refused").isPositive();
    }

    private static boolean isRestored(Replica replica, ModelHistory history) throws IOException {
        Txid whole = replica.position().whole();
        assertThat(whole.value()).isLessThanOrEqualTo(NEWEST);
        replica.history();
        try {
            CrashDisk disk = new CrashDisk(Clock.system());
            Path output = Path.of("/restored.db");
            Restores.restorer(disk)
                    .restore(replica, new RestoreTarget.AtTxid(new Txid(NEWEST)), output, RestoreOptions.DEFAULT);
            assertThat(disk.bytes(output)).isEqualTo(history.imageAt(new Txid(NEWEST)));
            return true;
        } catch (RunnelException e) {
            assertThat(e.nextStep()).isNotBlank();
            return false;
        }
    }

    private ModelHistory history(ObjectStore store) throws IOException {
        ModelHistory history = new ModelHistory(store, PAGE_SIZE, ModelHistory.Proofs.WITH);
        for (int txid = 1; txid <= NEWEST; txid++) {
            byte[] page = new byte[512];
            random.nextBytes(page);
            history.change(4 + txid, Map.of(1 + random.nextInt(4), page));
        }
        history.baseline(new Txid(1));
        for (int txid = 2; txid <= NEWEST; txid++) {
            history.ship(new Txid(txid));
        }
        history.put(1, new TxidRange(new Txid(2), new Txid(4)));
        return history;
    }

    private String plant(ObjectStore store) throws IOException {
        String key = strangeKey();
        byte[] bytes = random.nextBoolean() ? garbage() : contentOfAnother(store);
        Body body = new Body() {
            @Override
            public void writeTo(OutputStream out) throws IOException {
                out.write(bytes);
            }

            @Override
            public OptionalLong length() {
                return OptionalLong.of(bytes.length);
            }
        };
        store.put(key, body, PutOptions.replace(Instant.EPOCH.plusSeconds(random.nextInt())));
        return key;
    }

    private String strangeKey() {
        String min = txid();
        String max = random.nextInt(3) == 0 ? min : txid();
        String name = min + "-" + max + ".ltx";
        String level = String.valueOf(random.nextInt(10));
        return switch (random.nextInt(9)) {
            case 0 -> "ltx/" + level + "/" + name.toUpperCase(Locale.ROOT);
            case 1 -> "ltx/" + level + "/" + name + ".bak";
            case 2 -> "ltx/" + random.nextInt(200) + "/" + name;
            case 3 -> "ltx/" + level + "/" + "x".repeat(random.nextInt(300)) + name;
            case 4 -> "ltx/" + level + "/" + name.substring(random.nextInt(name.length() - 1));
            case 5 -> "ltx/" + level + "/deeper/" + name;
            default -> "ltx/" + level + "/" + name;
        };
    }

    private String txid() {
        long small = random.nextLong(1, NEWEST + 4);
        long value = random.nextInt(3) == 0 ? random.nextLong() >>> random.nextInt(64) : small;
        return String.format("%016x", value);
    }

    private byte[] garbage() {
        byte[] bytes = new byte[random.nextInt(600)];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] contentOfAnother(ObjectStore store) throws IOException {
        List<ObjectInfo> all = store.list("", Optional.empty()).toList();
        ObjectInfo one = all.get(random.nextInt(all.size()));
        try (InputStream in = store.open(one.key(), ByteRange.ALL)) {
            return in.readAllBytes();
        }
    }
}

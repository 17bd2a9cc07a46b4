package dev.runnel.restore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.ltx.Txid;
import dev.runnel.replica.Replica;
import dev.runnel.replica.ReplicaException;
import dev.runnel.replica.RestoreTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Restores every listed point from copies of one replica that were damaged by hand. What comes out is what the whole
 * replica gives, or an error; never anything else.
 */
class DamagedFixturesTest {
    private static final Fixture WHOLE = Fixture.of("litestream-0.5/small-512");

    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            corrupt-page     | 0  | ''
            corrupt-checksum | 3  | ltx/0/000000000000000f-000000000000000f.ltx, offset
            truncated-file   | 3  | ltx/0/000000000000000f-000000000000000f.ltx, offset
            short-file       | 3  | ltx/0/000000000000000f-000000000000000f.ltx (60 bytes)
            missing-txid     | 21 | TXID 0000000000000006 is missing
            """)
    void i22DamageIsGoneAroundOrNamed(String name, int refused, String message) throws IOException {
        List<String> errors = restoreAll(Fixture.of("litestream-0.5/" + name)).entrySet().stream()
                .filter(outcome -> isListed(outcome.getKey()))
                .filter(outcome -> !outcome.getValue().equals(expected(outcome.getKey())))
                .map(Map.Entry::getValue)
                .toList();

        assertThat(errors)
                .hasSize(refused)
                .allSatisfy(error -> assertThat(error).contains(message, "nearest restorable"));
    }

    @Test
    void whereOnlyAMergedFileHoldsATxidTheStateBeforeItIsRestoredAndNamed() throws IOException {
        Fixture fixture = Fixture.of("litestream-0.5/missing-level-0-file");
        Replica replica = Restores.replicaIn(fixture.copyTo(folder.resolve(fixture.name())));
        RestoreTarget inside = new RestoreTarget.AtTime(Instant.parse("2026-11-21T09:14:55.482065732Z"));

        RestoreReport report =
                Restores.restorer().restore(replica, inside, folder.resolve("out.db"), RestoreOptions.DEFAULT);

        assertThat(report.image().plan().reached()).isEqualTo(new Txid(5));
        assertThat(report.image().plan().time()).isEqualTo("2026-11-21T09:14:53.352Z");
        assertThatThrownBy(() -> replica.plan(new RestoreTarget.AtTxid(new Txid(6))))
                .hasMessageContaining("it lies inside ltx/1/0000000000000006-0000000000000007.ltx");
    }

    private Map<Fixture.Entry, String> restoreAll(Fixture fixture) throws IOException {
        Replica replica = Restores.replicaIn(fixture.copyTo(folder.resolve(fixture.name())));
        Map<Fixture.Entry, String> outcomes = new LinkedHashMap<>();
        for (Fixture.Entry entry : fixture.entries()) {
            outcomes.put(entry, restore(replica, entry, folder.resolve(outcomes.size() + ".db")));
        }
        return outcomes;
    }

    private static String restore(Replica replica, Fixture.Entry entry, Path output) throws IOException {
        try {
            Restores.restorer().restore(replica, entry.restoreTarget(), output, RestoreOptions.DEFAULT);
            return Restores.sha256(output);
        } catch (ReplicaException e) {
            return String.valueOf(e.getMessage());
        }
    }

    private static boolean isListed(Fixture.Entry entry) {
        return !expected(entry).isEmpty();
    }

    /** What the whole replica gives, or nothing where that is an error; a time after the newest file is the newest state. */
    private static String expected(Fixture.Entry entry) {
        try {
            List<Fixture.Entry> entries = WHOLE.entries();
            return entry.error().equals("timestamp does not exist")
                    ? entries.getFirst().sha256().orElseThrow()
                    : entries.stream()
                            .filter(other -> other.arguments().equals(entry.arguments()))
                            .findFirst()
                            .flatMap(Fixture.Entry::sha256)
                            .orElse("");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}

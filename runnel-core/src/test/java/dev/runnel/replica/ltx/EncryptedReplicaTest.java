package dev.runnel.replica.ltx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.age.AgeKeys;
import dev.runnel.age.AgeStore;
import dev.runnel.age.Identity;
import dev.runnel.ltx.Txid;
import dev.runnel.platform.Clock;
import dev.runnel.replica.RestoreTarget;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.store.CountingStore;
import dev.runnel.testkit.store.StoreOperation;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A baseline of TXID 1 and change sets 2 to 8 at an encrypted replica. */
final class EncryptedReplicaTest {
    private static final int NEWEST = 8;
    private static final Identity FIRST = Identity.generate();
    private static final Identity SECOND = Identity.generate();

    private final MemoryStore memory = new MemoryStore(Clock.system());
    private final CountingStore counting = new CountingStore(memory);
    private final ModelDatabase database = new ModelDatabase(new Random(42));
    private final ObjectStore store = encrypted(FIRST);
    private final LtxReplica replica = Replicas.open(store);

    EncryptedReplicaTest() throws IOException {
        database.commit();
        replica.baseline(database.image(1));
        for (int txid = 2; txid <= NEWEST; txid++) {
            replica.append(database.changes(database.commit()));
        }
    }

    @Test
    void positionOfWhatWeWroteIsKnownFromAListing() throws IOException {
        counting.reset();
        assertThat(replica.position().whole()).isEqualTo(new Txid(NEWEST));
        assertThat(counting.count(StoreOperation.OPEN)).isZero();
        assertThat(Replicas.open(encrypted(FIRST)).position()).isEqualTo(replica.position());
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 30, 190, 199, 200, 201, 215, 216, 217, -1})
    void i17FileThatWasCutShortIsAHoleAndIsHealed(int size) throws IOException {
        String key = Replicas.key(0, 5, 5);
        int left = size < 0 ? Replicas.read(memory, key).length + size : size;
        Replicas.cut(memory, key, left);
        assertThat(replica.position().whole()).isEqualTo(new Txid(4));
        LtxReplica started = Replicas.open(encrypted(FIRST));
        assertThat(started.position().whole()).isEqualTo(new Txid(4));
        started.append(database.changes(5));
        assertThat(started.position().whole()).isEqualTo(new Txid(NEWEST));
        assertThat(Replicas.open(encrypted(FIRST)).position().whole()).isEqualTo(new Txid(NEWEST));
    }

    @Test
    void damagedFileIsAHoleForOneThatStarts() throws IOException {
        String key = Replicas.key(0, 5, 5);
        byte[] object = Replicas.read(memory, key);
        object[object.length - 20] ^= 1;
        Replicas.plant(memory, key, object);
        assertThat(Replicas.open(encrypted(FIRST)).position().whole()).isEqualTo(new Txid(4));
    }

    @Test
    void anotherKeyIsAnErrorAndNotAHole() throws IOException {
        LtxReplica other = Replicas.open(encrypted(SECOND));
        assertThat(other.position().isEncrypted()).isTrue();
        assertThat(other.position().whole()).isEqualTo(Txid.NONE);
        assertThat(replica.position().whole()).isEqualTo(new Txid(NEWEST));
    }

    @Test
    void historyThatWasNotEncryptedIsAnErrorAndNotAHole() throws IOException {
        MemoryStore plain = new MemoryStore(Clock.system());
        LtxReplica before = Replicas.open(plain);
        before.baseline(database.image(1));
        before.append(database.changes(2));
        AgeStore after = new AgeStore(plain, keys(FIRST));
        assertThat(Replicas.open(after).position().isEncrypted()).isTrue();
    }

    @Test
    void everyTxidRestoresAfterTheRecipientsHaveChanged() throws IOException {
        AgeKeys both = new AgeKeys(List.of(SECOND, FIRST), List.of(SECOND.recipient(), FIRST.recipient()));
        AgeStore changed = new AgeStore(counting, both);
        LtxReplica carriedOn = Replicas.open(changed);
        assertThat(carriedOn.position().whole()).isEqualTo(new Txid(NEWEST));
        carriedOn.append(database.changes(database.commit()));
        assertThat(carriedOn.position().whole()).isEqualTo(new Txid(NEWEST + 1));
        for (int txid = 1; txid <= NEWEST + 1; txid++) {
            byte[] restored = Replicas.restore(changed, carriedOn.plan(new RestoreTarget.AtTxid(new Txid(txid))));
            assertThat(restored).isEqualTo(database.content(txid));
        }
    }

    private AgeStore encrypted(Identity identity) {
        return new AgeStore(counting, keys(identity));
    }

    private static AgeKeys keys(Identity identity) {
        return new AgeKeys(List.of(identity), List.of(identity.recipient()));
    }
}

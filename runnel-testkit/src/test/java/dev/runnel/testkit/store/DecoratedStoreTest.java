package dev.runnel.testkit.store;

import dev.runnel.platform.Clock;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import org.junit.jupiter.api.Test;

/** The stores of the test kit that stand before others are stores themselves. */
final class DecoratedStoreTest implements ObjectStoreContract {
    @Override
    public ObjectStore emptyStore() {
        FaultyStore faulty = new FaultyStore(new MemoryStore(Clock.system()));
        faulty.shortReads(1000);
        return new CountingStore(faulty);
    }

    @Test
    void countingStoreForwardsEveryMethod() throws Exception {
        DecoratorContract.assertForwardsEveryMethod(CountingStore::new);
    }

    @Test
    void faultyStoreForwardsEveryMethod() throws Exception {
        DecoratorContract.assertForwardsEveryMethod(FaultyStore::new);
    }
}

package dev.runnel.age;

import dev.runnel.platform.Clock;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.store.ObjectStoreContract;

final class AgeOverMemoryTest implements ObjectStoreContract {
    @Override
    public ObjectStore emptyStore() {
        return TestKeys.encrypted(new MemoryStore(Clock.system()));
    }
}

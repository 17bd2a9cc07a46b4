package dev.runnel.testkit.store;

import dev.runnel.platform.Clock;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.ObjectStore;

final class MemoryStoreTest implements ObjectStoreContract {
    @Override
    public ObjectStore emptyStore() {
        return new MemoryStore(Clock.system());
    }
}

package dev.runnel.age;

import dev.runnel.platform.Clock;
import dev.runnel.platform.Entropy;
import dev.runnel.store.MemoryStore;
import dev.runnel.store.MeteredStore;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.RateLimits;
import dev.runnel.store.ResumingStore;
import dev.runnel.store.RetryLimits;
import dev.runnel.store.RetryingStore;
import dev.runnel.store.ThrottledStore;
import dev.runnel.testkit.store.ObjectStoreContract;
import java.util.OptionalLong;
import org.junit.jupiter.api.Tag;

/** All decorators, one on top of the other, as the program stacks them. */
@Tag("slow")
final class AgeStackTest implements ObjectStoreContract {
    private static final Clock CLOCK = Clock.system();

    @Override
    public ObjectStore emptyStore() {
        RateLimits limits = new RateLimits(OptionalLong.of(1_000_000), OptionalLong.of(1L << 40));
        ObjectStore throttled = new ThrottledStore(new MeteredStore(new MemoryStore(CLOCK), CLOCK), limits, CLOCK);
        ObjectStore retrying = new RetryingStore(throttled, RetryLimits.SHORT, CLOCK, Entropy.system());
        return TestKeys.encrypted(new ResumingStore(retrying, RetryLimits.LONG, CLOCK, Entropy.system()));
    }
}

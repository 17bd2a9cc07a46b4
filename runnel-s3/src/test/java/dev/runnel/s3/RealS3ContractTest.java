package dev.runnel.s3;

import dev.runnel.store.ObjectInfo;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import dev.runnel.testkit.store.ObjectStoreContract;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract at a real service. {@code RUNNEL_TEST_S3_URL} says where, such as
 * {@code s3://bucket/path?endpoint=127.0.0.1:9000}, and {@code AWS_ACCESS_KEY_ID} and the like who we are. Each test has a
 * path of its own below it, and leaves nothing there.
 */
@EnabledIfEnvironmentVariable(
        named = "RUNNEL_TEST_S3_URL",
        matches = "s3://.+",
        disabledReason = "it takes a service: RUNNEL_TEST_S3_URL=s3://bucket/path?endpoint=127.0.0.1:9000")
final class RealS3ContractTest implements ObjectStoreContract {
    private static final S3Clients CLIENTS = new S3Clients(System.getenv());

    private Optional<S3Store> store = Optional.empty();

    @Override
    public ObjectStore emptyStore() {
        Map<S3Option, String> options =
                new EnumMap<>(S3Settings.optionsOf(System.getenv().getOrDefault("RUNNEL_TEST_S3_URL", "")));
        options.merge(S3Option.PATH, UUID.randomUUID().toString(), (path, own) -> path + "/" + own);
        S3Store made = new S3Store(CLIENTS, S3Settings.of(options));
        store = Optional.of(made);
        return made;
    }

    @Override
    public ListedTime listedTime() {
        return ListedTime.OF_UPLOAD;
    }

    @AfterEach
    void empty() throws StoreException {
        if (store.isPresent()) {
            List<String> keys;
            try (Stream<ObjectInfo> listing = store.get().list("", Optional.empty())) {
                keys = listing.map(ObjectInfo::key).toList();
            }
            store.get().delete(keys);
        }
    }

    @AfterAll
    static void stop() {
        CLIENTS.close();
    }
}

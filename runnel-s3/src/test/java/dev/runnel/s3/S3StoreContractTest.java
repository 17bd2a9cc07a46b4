package dev.runnel.s3;

import dev.runnel.store.ObjectStore;
import dev.runnel.testkit.store.ObjectStoreContract;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

@Tag("slow")
final class S3StoreContractTest implements ObjectStoreContract {
    private static LocalS3 service;

    @BeforeAll
    static void start() {
        service = new LocalS3();
    }

    @AfterAll
    static void stop() {
        service.stop();
    }

    @Override
    public ObjectStore emptyStore() {
        return service.newStore(Map.of());
    }

    @Override
    public ListedTime listedTime() {
        return ListedTime.OF_UPLOAD;
    }
}

package dev.runnel.s3;

import dev.runnel.location.Location;
import dev.runnel.location.StoreContext;
import dev.runnel.location.StoreTraits;
import dev.runnel.store.Leftover;
import dev.runnel.store.ListedTimes;
import dev.runnel.store.ObjectStore;
import dev.runnel.store.StoreException;
import java.time.Instant;
import java.util.List;
import java.util.function.Predicate;

/** A path in a bucket. */
public record S3Location(S3Settings settings) implements Location {
    private static final StoreTraits TRAITS = new StoreTraits(
            "%04x/", ListedTimes.OF_UPLOADS, StoreTraits.Listings.PAID, StoreTraits.Retries.OF_THE_CLIENT_LIBRARY);

    @Override
    public String type() {
        return S3LocationType.NAME;
    }

    @Override
    public String display() {
        return settings.location();
    }

    @Override
    public String failureDomain() {
        return settings.bucketLocation();
    }

    @Override
    public StoreTraits traits() {
        return TRAITS;
    }

    @Override
    public Location below(String relative) {
        return new S3Location(settings.below(relative));
    }

    @Override
    public Location ofGenerations() {
        return new S3Location(settings.withJoinedKeys());
    }

    @Override
    public ObjectStore open(StoreContext context) {
        return store(context);
    }

    @Override
    public void removeLeftovers(StoreContext context, Instant now, Predicate<String> isOurs) throws StoreException {
        store(context).removeLeftovers(now, isOurs);
    }

    @Override
    public List<Leftover> leftovers(StoreContext context, Instant now, Predicate<String> isOurs) throws StoreException {
        return store(context).leftovers(now, isOurs);
    }

    private S3Store store(StoreContext context) {
        S3Clients clients = context.shared(S3Clients.class, () -> new S3Clients(context.environment()));
        return new S3Store(clients, settings);
    }
}

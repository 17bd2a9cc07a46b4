package dev.runnel.s3;

import dev.runnel.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Turns what the library throws into what a store throws. */
record S3Faults(String location) {
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int NOT_IMPLEMENTED = 501;

    static boolean isNotFound(SdkException fault) {
        return fault instanceof AwsServiceException refused
                && refused.statusCode() == NOT_FOUND
                && !"NoSuchBucket".equals(code(refused));
    }

    static boolean isTaken(SdkException fault) {
        return fault instanceof AwsServiceException refused && refused.statusCode() == PRECONDITION_FAILED;
    }

    static boolean isBeyondEnd(SdkException fault) {
        return fault instanceof AwsServiceException refused && refused.statusCode() == RANGE_NOT_SATISFIABLE;
    }

    /** Whether the service says that it does not know what it was asked for. */
    static boolean isNotImplemented(SdkException fault) {
        return fault instanceof AwsServiceException refused
                && (refused.statusCode() == NOT_IMPLEMENTED || "NotImplemented".equals(code(refused)));
    }

    StoreException notFound(String key) {
        return new StoreException.NotFound(location, key);
    }

    /** For a request about one object or prefix. */
    StoreException failed(String doing, String what, SdkException fault) {
        if (fault instanceof AbortedException) {
            // The library has taken the interrupt for itself; it is the caller's.
            Thread.currentThread().interrupt();
        }
        IOException explained = new IOException(explain(fault), fault);
        return fault instanceof AwsServiceException refused && refused.statusCode() == FORBIDDEN
                ? new StoreException.AccessDenied(location, what, explained)
                : new StoreException.Unavailable(location, doing + " " + what, explained);
    }

    /** For a deletion of which some keys were left out; nobody has tried the rest. */
    StoreException notDeleted(List<String> survivors, List<String> rest, List<S3Error> errors) {
        String names = Stream.concat(survivors.stream(), rest.stream()).collect(Collectors.joining(", "));
        S3Error first = errors.getFirst();
        IOException explained = new IOException(first.code() + ": " + first.message());
        return errors.stream().allMatch(error -> "AccessDenied".equals(error.code()))
                ? new StoreException.AccessDenied(location, names, explained)
                : new StoreException.Unavailable(location, "deleting " + names, explained);
    }

    /** For a content that stopped coming. */
    StoreException reading(String key, IOException fault) {
        return new StoreException.Unavailable(location, "reading " + key, fault);
    }

    /** For a listing that says there is more, and not where. */
    StoreException incomplete(String prefix) {
        return new StoreException.Unavailable(
                location,
                "listing " + prefix,
                new IOException("the service says that there is more, and does not say how to get it"));
    }

    /** For what the environment says and cannot be used. */
    StoreException unusable(IllegalArgumentException fault) {
        return new StoreException.Unavailable(location, "connecting", new IOException(fault.getMessage(), fault));
    }

    StoreException interrupted(String what, InterruptedException fault) {
        Thread.currentThread().interrupt();
        return new StoreException.Unavailable(location, what, new IOException("interrupted", fault));
    }

    /** What the service says, in a line: the library's own words are longer, and say it twice. */
    private static String explain(SdkException fault) {
        if (fault instanceof AwsServiceException refused) {
            AwsErrorDetails details = refused.awsErrorDetails();
            String message = details == null || details.errorMessage() == null ? "" : ": " + details.errorMessage();
            return (refused.statusCode() + " " + code(refused)).strip() + message;
        }
        return String.valueOf(fault.getMessage());
    }

    private static String code(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
}

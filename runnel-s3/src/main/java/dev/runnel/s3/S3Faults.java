package dev.runnel.s3;

import dev.runnel.store.StoreException;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Error;

/** Turns what the library throws into what a store throws, and tells what a refusal means. */
record S3Faults(String location) {
    private static final int NOT_MODIFIED = 304;
    private static final int BAD_REQUEST = 400;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int CONFLICT = 409;
    private static final int PRECONDITION_FAILED = 412;
    private static final int RANGE_NOT_SATISFIABLE = 416;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_FAULT = 500;
    private static final int NOT_IMPLEMENTED = 501;
    private static final int INSUFFICIENT_STORAGE = 507;

    private static final String NO_ANSWER = "the response does not answer the request: ";

    /** Two requests met at the service, and neither was done. */
    private static final Set<String> CONFLICTS = Set.of("ConditionalRequestConflict", "OperationAborted");

    /** Whether an object does not exist: for a HEAD, which has no body, the status says so; a body must say so too. */
    static boolean isNotFound(SdkException fault) {
        return fault instanceof AwsServiceException refused
                && refused.statusCode() == NOT_FOUND
                && !"NoSuchBucket".equals(code(refused));
    }

    /** Whether the response to a GET says that the object does not exist: a gateway's own 404 does not. */
    static boolean isNoSuchKey(SdkException fault) {
        return isNotFound(fault) && "NoSuchKey".equals(code((AwsServiceException) fault));
    }

    /** Whether a conditional write was refused because there is an object; some services answer 304. */
    static boolean isTaken(SdkException fault) {
        return fault instanceof AwsServiceException refused
                && (refused.statusCode() == PRECONDITION_FAILED || refused.statusCode() == NOT_MODIFIED);
    }

    static boolean isBeyondEnd(SdkException fault) {
        return fault instanceof AwsServiceException refused && refused.statusCode() == RANGE_NOT_SATISFIABLE;
    }

    /** Whether the service says that it does not know what it was asked for. */
    static boolean isNotImplemented(SdkException fault) {
        return fault instanceof AwsServiceException refused
                && (refused.statusCode() == NOT_IMPLEMENTED || "NotImplemented".equals(code(refused)));
    }

    /** Whether a service may be without a deletion of many: each has its own way to say so. */
    static boolean mayLackBulkDeletion(SdkException fault) {
        return fault instanceof AwsServiceException refused
                && (isNotImplemented(fault)
                        || refused.statusCode() == BAD_REQUEST
                        || isNotFound(fault)
                        || refused.statusCode() == METHOD_NOT_ALLOWED);
    }

    /** Whether a request that the library would not repeat by itself is worth another try. */
    static boolean isPassing(Throwable fault) {
        if (!(fault instanceof AwsServiceException refused)) {
            return false;
        }
        int status = refused.statusCode();
        return status == REQUEST_TIMEOUT
                || status == TOO_MANY_REQUESTS
                || (status == CONFLICT && CONFLICTS.contains(code(refused)))
                || (status >= FIRST_SERVER_FAULT && status != NOT_IMPLEMENTED && status != INSUFFICIENT_STORAGE);
    }

    /** For a response to a write that does not name what was written. */
    static SdkException noTag(String found) {
        return SdkClientException.create(NO_ANSWER + found);
    }

    static boolean isNoAnswer(SdkException fault) {
        return String.valueOf(fault.getMessage()).startsWith(NO_ANSWER);
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
        if (!(fault instanceof AwsServiceException refused)) {
            return new StoreException.Unavailable(location, doing + " " + what, explained, S3Advice.unanswered(fault));
        }
        String nextStep = S3Advice.of(refused.statusCode(), code(refused), message(refused))
                .nextStep();
        return refused.statusCode() == FORBIDDEN || refused.statusCode() == UNAUTHORIZED
                ? new StoreException.AccessDenied(location, what, explained, nextStep)
                : new StoreException.Unavailable(location, doing + " " + what, explained, nextStep);
    }

    /** For a deletion of which some keys were left out; the rest was not tried. */
    StoreException notDeleted(List<String> survivors, List<String> rest, List<S3Error> errors) {
        String names = Stream.concat(survivors.stream(), rest.stream()).collect(Collectors.joining(", "));
        S3Error first = errors.getFirst();
        String code = String.valueOf(first.code());
        String message = String.valueOf(first.message());
        IOException explained = new IOException(code + ": " + message);
        S3Advice advice = S3Advice.of(FORBIDDEN, code, message);
        return errors.stream().allMatch(error -> "AccessDenied".equals(error.code()))
                ? new StoreException.AccessDenied(location, names, explained, advice.nextStep())
                : new StoreException.Unavailable(location, "deleting " + names, explained, advice.nextStep());
    }

    /** For a content that stopped coming. */
    StoreException reading(String key, IOException fault) {
        return new StoreException.Unavailable(location, "reading " + key, fault);
    }

    /** For a response that does not answer the request: nothing can be concluded from it. */
    StoreException noAnswer(String doing, String found) {
        return new StoreException.Unavailable(location, doing, new IOException(NO_ANSWER + found), S3Advice.NO_ANSWER);
    }

    /** For what the environment says and cannot be used. */
    StoreException unusable(IllegalArgumentException fault) {
        return new StoreException.Unavailable(location, "connecting", new IOException(fault.getMessage(), fault));
    }

    StoreException interrupted(String what, InterruptedException fault) {
        Thread.currentThread().interrupt();
        return new StoreException.Unavailable(
                location, what, new IOException("the request was ended before the service responded", fault));
    }

    /** What the service says, in a line: the library's own words are longer, and say it twice. */
    private static String explain(SdkException fault) {
        if (fault instanceof AwsServiceException refused) {
            String message = message(refused);
            return (refused.statusCode() + " " + code(refused)).strip() + (message.isEmpty() ? "" : ": " + message);
        }
        if (fault instanceof AbortedException) {
            return "the request was ended before the service responded";
        }
        return S3Advice.isWithoutCredentials(fault) ? "no credentials were found" : String.valueOf(fault.getMessage());
    }

    private static String message(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        return details == null || details.errorMessage() == null ? "" : details.errorMessage();
    }

    private static String code(AwsServiceException refused) {
        AwsErrorDetails details = refused.awsErrorDetails();
        return details == null || details.errorCode() == null ? "" : details.errorCode();
    }
}

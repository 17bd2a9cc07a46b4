package dev.runnel.cli.control;

/** A request that cannot be met, with the status of HTTP that says so. */
final class ControlException extends Exception {
    private static final long serialVersionUID = 1L;
    private static final int BAD_REQUEST = 400;

    private final int status;

    ControlException(int status, String message) {
        super(message);
        this.status = status;
    }

    /** One that no server could meet. */
    static ControlException badRequest(String message) {
        return new ControlException(BAD_REQUEST, message);
    }

    ControlResponse response() {
        return ControlResponse.error(status, String.valueOf(getMessage()));
    }
}

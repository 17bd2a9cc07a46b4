package dev.runnel.replica;

/** Is told of the objects of a history, each read from its first to its last byte. */
public interface ObjectSink {
    /** It is what its name says. */
    void intact(String key, long size);

    /** It is not, or it cannot be read here. The fault names it. */
    void damaged(ReplicaException.Damaged fault);
}

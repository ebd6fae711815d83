using Latchkey.Meter.Hal;
using Latchkey.Meter.State;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;

namespace Latchkey.Meter.Journal;

/// <summary>State and token acceptor as the durable memory has them: recovered at start, changed by records that are durable first.</summary>
internal sealed class MeterJournal : ILogReplay, IDisposable
{
    private readonly TransactionLog _log;
    private readonly TokenAcceptorOptions _options;
    private bool _readable = true;

    public MeterJournal(INonVolatileMemory memory, TokenAcceptorOptions options)
    {
        if (memory.Size < JournalLayout.MemorySize || memory.PageSize < RecordIo.SlotsPerPage * SlotCodec.Size)
            throw new ArgumentException("The journal needs 256 KiB in pages of 256 bytes.", nameof(memory));
        _log = new TransactionLog(memory, JournalLayout.Log);
        _options = options with { Limits = effect => Limits(effect) };
    }

    public DurableState State { get; private set; } = new();

    /// <summary>The keeper of keys and used identifiers; null while nothing was recovered.</summary>
    public TokenAcceptor? Acceptor { get; private set; }

    /// <summary>What the meter can take of what a token brings; before it is known, everything.</summary>
    public Func<TokenEffect, TokenResult> Limits { get; set; } = _ => TokenResult.Accept;

    public int Repaired => _log.Repaired;

    public int FaultySlots => _log.FaultySlots;

    /// <summary>True when a commit failed: nothing durable may be promised until the next start.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Writes the first snapshot of a new meter.</summary>
    public bool Manufacture(DurableState state, TokenAcceptorState tokens)
    {
        State = state;
        Acceptor = TokenAcceptor.Restore(_options, tokens);
        return TryFold();
    }

    /// <summary>Finds the newest decision in the memory; false when there is none, or when it cannot be read.</summary>
    public bool Recover() => _log.Recover(this) && _readable && Acceptor is not null;

    /// <summary>Makes the transaction durable, then applies it. False: it did not happen.</summary>
    public bool TryCommit(MeterTransaction transaction)
    {
        if (IsBroken) return false;
        Span<byte> buffer = stackalloc byte[RecordIo.MaxPayload];
        var writer = new ByteWriter(buffer);
        transaction.Write(ref writer);
        AppendResult result = _log.TryAppend(transaction.Type, writer.Written);
        if (result == AppendResult.Full && TryFold()) result = _log.TryAppend(transaction.Type, writer.Written);
        IsBroken = result != AppendResult.Done;
        if (!IsBroken) State = transaction.Apply(State);
        return !IsBroken;
    }

    public void Dispose() => Acceptor?.Dispose();

    void ILogReplay.OnSnapshot(ReadOnlySpan<byte> snapshot)
    {
        _readable = DurableStateCodec.TryRead(snapshot, out DurableState state, out byte[] tokens)
            && TokenAcceptorState.TryRead(tokens, out TokenAcceptorState? tokenState)
            && Restore(state, tokenState);
    }

    void ILogReplay.OnRecord(RecordType type, ReadOnlySpan<byte> payload)
    {
        if (!_readable || MeterTransaction.Read(type, payload) is not { } transaction) return;
        State = transaction.Apply(State);
        if (transaction is MeterTransaction.TokenTaken { Token.TidMinutes: > 0 } taken) Acceptor!.Replay(TokenIdentifier.FromMinutes(taken.Token.TidMinutes));
        else if (transaction is MeterTransaction.KeyChangeTaken change) ReplayKeyChange(change);
    }

    private bool Restore(DurableState state, TokenAcceptorState tokens)
    {
        State = state;
        Acceptor?.Dispose();
        Acceptor = TokenAcceptor.Restore(_options, tokens);
        return true;
    }

    private void ReplayKeyChange(MeterTransaction.KeyChangeTaken change)
    {
        Span<byte> bytes = stackalloc byte[TokenBytes.Length];
        change.Token.WriteTo(bytes);
        if (TokenNumber.TryReadBytes(bytes, out TokenNumber token))
            Acceptor!.Commit(Acceptor.Evaluate(token, DateTimeOffset.UnixEpoch.AddSeconds(change.UptimeSeconds)));
    }

    private bool TryFold()
    {
        TokenAcceptorState tokens = Acceptor!.Export();
        byte[] tokenBytes = new byte[tokens.EncodedLength];
        tokens.Write(tokenBytes);
        Span<byte> buffer = stackalloc byte[DurableStateCodec.MaxLength];
        var writer = new ByteWriter(buffer);
        DurableStateCodec.Write(ref writer, State, tokenBytes);
        return _log.TryWriteSnapshot(writer.Written);
    }
}

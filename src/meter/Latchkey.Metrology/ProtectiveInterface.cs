using System.Buffers.Binary;
using System.Text;

namespace Latchkey.Metrology;

/// <summary>
/// The one way from the rest of the meter into the legally relevant part: numbered functions with fixed lengths, listed in <see cref="LegalFunctionRow.All"/>.
/// </summary>
/// <remarks>
/// Never throws, whatever the octets. No function changes a register; one changes the calibration, and that only while the seal is open,
/// which is a contact on the board and no octet. Source: WELMEC 7.2, extension S, S3.
/// </remarks>
public sealed class ProtectiveInterface
{
    private readonly MetrologyCore _core;
    private readonly Func<bool> _isSealOpen;
    private readonly LegalEvents _events = new();
    private uint _changes;

    /// <summary>Stands before a core.</summary>
    /// <param name="core">The measuring core.</param>
    /// <param name="changes">The change counter of the parameter block that the core was started with.</param>
    /// <param name="isSealOpen">Reads the seal contact.</param>
    public ProtectiveInterface(MetrologyCore core, uint changes, Func<bool> isSealOpen)
    {
        _core = core;
        _changes = changes;
        _isSealOpen = isSealOpen;
    }

    /// <summary>Calls a function.</summary>
    /// <param name="function">Its number, from anyone.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="answer">Room for the answer; written only when the call is accepted.</param>
    /// <param name="written">Octets of the answer.</param>
    public LegalResult Call(ushort function, ReadOnlySpan<byte> arguments, Span<byte> answer, out int written)
    {
        written = 0;
        if (Row(function) is not { } row) return LegalResult.UnknownFunction;
        if (arguments.Length != row.ArgumentLength || answer.Length < row.AnswerLength) return LegalResult.WrongLength;
        LegalResult result = row.Function switch
        {
            LegalFunction.Identity => Identity(answer),
            LegalFunction.Energies => Energies(answer),
            LegalFunction.Quantities => Quantities(answer),
            LegalFunction.Parameters => Parameters(answer),
            LegalFunction.Faults => Faults(answer),
            LegalFunction.Event => Event(BinaryPrimitives.ReadUInt32LittleEndian(arguments), answer),
            _ => SetParameters(arguments),
        };
        if (result == LegalResult.Accepted) written = row.AnswerLength;
        return result;
    }

    private static LegalFunctionRow? Row(ushort function)
    {
        foreach (LegalFunctionRow row in LegalFunctionRow.All)
        {
            if ((ushort)row.Function == function) return row;
        }

        return null;
    }

    private static LegalResult Identity(Span<byte> answer)
    {
        answer[..48].Clear();
        Encoding.ASCII.GetBytes(MetrologyIdentity.Version.AsSpan(0, Math.Min(MetrologyIdentity.Version.Length, 12)), answer);
        byte[] image = MetrologyIdentity.Image();
        System.Security.Cryptography.SHA256.HashData(image, answer[12..44]);
        BinaryPrimitives.WriteUInt32LittleEndian(answer[44..], Crc32C.Of(image));
        return LegalResult.Accepted;
    }

    private LegalResult Energies(Span<byte> answer)
    {
        MetrologyRegisters r = _core.Registers;
        return Write(answer, [r.ActiveImport, r.ActiveExport, r.Reactive1, r.Reactive2, r.Reactive3, r.Reactive4, r.SampleCount, r.FrameCount]);
    }

    private LegalResult Quantities(Span<byte> answer)
    {
        MetrologyRegisters r = _core.Registers;
        return Write(answer,
        [
            r.VoltageMillivolts, r.CurrentMicroamps, r.NeutralMicroamps, r.ActiveMilliwatts, r.ReactiveMillivars,
            r.ApparentMillivoltamps, r.PowerFactorTenThousandths, r.FrequencyMicrohertz, r.CurrentDistortionPpm,
        ]);
    }

    private LegalResult Parameters(Span<byte> answer)
    {
        new ParameterBlock(_core.Calibration, _changes).Write(answer);
        return LegalResult.Accepted;
    }

    private LegalResult Faults(Span<byte> answer)
    {
        BinaryPrimitives.WriteInt32LittleEndian(answer, (int)_core.Faults);
        return LegalResult.Accepted;
    }

    private LegalResult Event(uint number, Span<byte> answer)
    {
        if (!_events.TryGet(number, out LegalEvent entry)) return LegalResult.NotFound;
        BinaryPrimitives.WriteUInt32LittleEndian(answer, entry.Number);
        BinaryPrimitives.WriteInt32LittleEndian(answer[4..], (int)entry.Kind);
        BinaryPrimitives.WriteInt64LittleEndian(answer[8..], entry.SampleCount);
        BinaryPrimitives.WriteUInt32LittleEndian(answer[16..], entry.Changes);
        return LegalResult.Accepted;
    }

    private LegalResult SetParameters(ReadOnlySpan<byte> block)
    {
        if (!_isSealOpen())
        {
            _events.Add(LegalEventKind.ParametersRefused, _core.Registers.SampleCount, _changes);
            return LegalResult.Sealed;
        }

        // The counter must follow on: an old block that was valid once is not put in force again.
        bool reads = ParameterBlock.TryRead(block, out ParameterBlock parameters) == ParameterBlockResult.Ok;
        if (!reads || _changes == uint.MaxValue || parameters.Changes != _changes + 1) return LegalResult.Refused;
        _changes = parameters.Changes;
        _core.Calibrate(parameters.Calibration);
        _events.Add(LegalEventKind.ParametersChanged, _core.Registers.SampleCount, _changes);
        return LegalResult.Accepted;
    }

    private static LegalResult Write(Span<byte> answer, ReadOnlySpan<long> values)
    {
        for (int k = 0; k < values.Length; k++) BinaryPrimitives.WriteInt64LittleEndian(answer[(8 * k)..], values[k]);
        return LegalResult.Accepted;
    }
}

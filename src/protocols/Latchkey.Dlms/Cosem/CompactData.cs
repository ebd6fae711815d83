using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Compact data: values of many attributes without their types, which the template describes once.</summary>
/// <remarks>The buffer begins with the template's number. Source: IEC 62056-6-2, Compact data (class_id 62, version 1).</remarks>
public sealed class CosemCompactData : StoredObject
{
    private const int MaxBuffer = 2_048;
    private const int OnInvoke = 0;
    private readonly LogicalDevice _device;
    private byte[] _captured = [];
    private byte[] _description = [];

    /// <summary>A template over the objects of a device, captured when it is read.</summary>
    public CosemCompactData(LogicalName name, LogicalDevice device, IAttributeStore store, byte template, params CaptureObject[] columns)
        : base(InterfaceClass.CompactData, 1, name, store)
    {
        _device = device;
        Preset(3, (ref AxdrWriter w) =>
        {
            w.Array(columns.Length);
            foreach (CaptureObject column in columns) CaptureList.WriteElement(column, ref w);
        });
        Preset(4, (ref AxdrWriter w) => w.Unsigned(template));
        Preset(6, static (ref AxdrWriter w) => w.Enum(1));
    }

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (attribute is not (2 or 5)) return base.Read(attribute, selection, ref writer);
        bool live = Number(6) != OnInvoke || (attribute == 5 && _description.Length == 0);
        if (live && !TryCapture()) return DataAccessResult.TemporaryFailure;
        writer.OctetString(attribute == 2 ? _captured : _description);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result)
    {
        if (!Fits(method, parameter)) return ActionResult.TypeUnmatched;
        if (method == 2) return TryCapture() ? ActionResult.Success : ActionResult.TemporaryFailure;
        (_captured, _description) = ([], []);
        return ActionResult.Success;
    }

    /// <inheritdoc/>
    protected override DataAccessResult Judge(int attribute, DataView value) => attribute switch
    {
        3 => CaptureList.IsSound(value, _device) ? DataAccessResult.Success : DataAccessResult.OtherReason,
        6 => value.TryGetInteger(out long method) && method <= 1 ? DataAccessResult.Success : DataAccessResult.OtherReason,
        _ => DataAccessResult.Success,
    };

    /// <inheritdoc/>
    protected override void Changed(int attribute) => (_captured, _description) = ([], []);

    private bool TryCapture()
    {
        byte[] room = new byte[2 * MaxBuffer];
        var whole = new AxdrWriter(room);
        CaptureList.Write(Value(3), _device, ref whole);
        if (whole.Overflowed || !DataView.TryReadWhole(whole.Written, out DataView values)) return false;
        var description = new AxdrWriter(new byte[256]);
        var raw = new AxdrWriter(new byte[MaxBuffer]);
        raw.WriteByte((byte)Number(4));
        if (!TypeDescription.TryDescribe(values, ref description)) return false;

        // Rows of unlike types (a value that was missing) have no common description.
        var types = new AxdrReader(description.Written);
        int size = 0;
        if (!TypeDescription.TryMatch(values, ref types, ref size)) return false;
        TypeDescription.WriteUntagged(values, ref raw);
        if (description.Overflowed || raw.Overflowed) return false;
        (_description, _captured) = (description.Written.ToArray(), raw.Written.ToArray());
        return true;
    }
}

using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem.Model;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>Where attributes that were written survive a loss of power.</summary>
public interface IAttributeStore
{
    /// <summary>The value stored last, in A-XDR; null when none was.</summary>
    byte[]? Load(LogicalName name, int attribute);

    /// <summary>Makes a value durable; false when it cannot be kept.</summary>
    bool TrySave(LogicalName name, int attribute, ReadOnlySpan<byte> encoded);
}

/// <summary>Keeps nothing beyond its own life: for tests and for objects without settings.</summary>
public sealed class VolatileAttributes : IAttributeStore
{
    /// <inheritdoc/>
    public byte[]? Load(LogicalName name, int attribute) => null;

    /// <inheritdoc/>
    public bool TrySave(LogicalName name, int attribute, ReadOnlySpan<byte> encoded) => true;
}

/// <summary>An object whose attributes are values that were set: it holds them, checks what is written against its class, and keeps it durable
/// before it counts. A class with behaviour builds on it.</summary>
public class StoredObject : CosemObject
{
    /// <summary>The longest value of one attribute, in octets.</summary>
    public const int MaxValue = 2_048;

    private readonly ClassDefinition _definition;
    private readonly IAttributeStore _store;
    private readonly byte[]?[] _values;

    /// <summary>An object of a class of the catalogue; attributes that nothing was set for are null-data until <see cref="Preset"/>.</summary>
    public StoredObject(InterfaceClass id, byte version, LogicalName name, IAttributeStore store)
        : this(ClassCatalog.Of(id, version), name, store)
    {
    }

    private StoredObject(ClassDefinition definition, LogicalName name, IAttributeStore store)
        : base(definition.Class, definition.Version, name, definition.AttributeCount, definition.MethodCount)
    {
        (_definition, _store) = (definition, store);
        _values = new byte[]?[definition.AttributeCount + 1];
    }

    /// <summary>The class as the standard defines it.</summary>
    public ClassDefinition Definition => _definition;

    /// <summary>Gives an attribute its delivery value; what was written since comes from the store.</summary>
    public StoredObject Preset(int attribute, ValueWriter value)
    {
        byte[] encoded = Encode(value);
        bool fits = DataView.TryReadWhole(encoded, out DataView preset) && _definition.Attribute(attribute).Shape.Matches(preset);
        if (!fits) throw new ArgumentException($"{Name} attribute {attribute} is not of the type of its class", nameof(value));
        byte[]? kept = _definition.Attribute(attribute).IsDynamic ? null : _store.Load(Name, attribute);
        bool sound = kept is not null && DataView.TryReadWhole(kept, out DataView stored) && _definition.Attribute(attribute).Shape.Matches(stored);
        _values[attribute] = sound ? kept : encoded;
        return this;
    }

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (selection.HasValue) return DataAccessResult.ScopeOfAccessViolated;
        writer.WriteOctets(_values[attribute] ?? [(byte)DataTag.NullData]);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        MemberDefinition member = _definition.Attribute(attribute);
        if (member.IsDynamic) return DataAccessResult.ReadWriteDenied;
        if (value.Encoded.Length > MaxValue) return DataAccessResult.OtherReason;
        if (!member.Shape.Matches(value)) return DataAccessResult.TypeUnmatched;
        DataAccessResult judged = Judge(attribute, value);
        if (judged != DataAccessResult.Success) return judged;
        return Keep(attribute, value) ? DataAccessResult.Success : DataAccessResult.HardwareFault;
    }

    /// <summary>Whether a value of the right type makes sense; the default takes all.</summary>
    protected virtual DataAccessResult Judge(int attribute, DataView value) => DataAccessResult.Success;

    /// <summary>An attribute was written and is durable.</summary>
    protected virtual void Changed(int attribute)
    {
    }

    /// <summary>The value of an attribute, where it lies.</summary>
    protected DataView Value(int attribute) =>
        _values[attribute] is byte[] held && DataView.TryReadWhole(held, out DataView value) ? value : default;

    /// <summary>The value of an attribute as an integer; 0 where it is none.</summary>
    protected long Number(int attribute) => Value(attribute).TryGetInteger(out long value) ? value : 0;

    /// <summary>Stores a value and takes it; false when it cannot be kept.</summary>
    protected bool Keep(int attribute, DataView value)
    {
        if (!_store.TrySave(Name, attribute, value.Encoded)) return false;
        _values[attribute] = value.Encoded.ToArray();
        Changed(attribute);
        return true;
    }

    /// <summary>Stores what <paramref name="value"/> writes.</summary>
    protected bool Keep(int attribute, ValueWriter value) => DataView.TryReadWhole(Encode(value), out DataView view) && Keep(attribute, view);

    /// <summary>Whether a method's parameter has the type of the class.</summary>
    protected bool Fits(int method, DataView parameter) => _definition.Method(method).Shape.Matches(parameter);

    private static byte[] Encode(ValueWriter value)
    {
        byte[] room = new byte[MaxValue];
        var writer = new AxdrWriter(room);
        value(ref writer);
        if (writer.Overflowed) throw new ArgumentException("the value is too long", nameof(value));
        return writer.Written.ToArray();
    }
}

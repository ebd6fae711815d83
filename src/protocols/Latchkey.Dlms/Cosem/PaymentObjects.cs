using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem.Model;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Cosem;

/// <summary>An object whose behaviour lies in the meter's payment engine: the types are checked here, the rest is asked of the engine.</summary>
public interface IPaymentObject
{
    /// <summary>Writes the value of an attribute.</summary>
    void Read(int attribute, ref AxdrWriter writer);

    /// <summary>Takes a new value of the right type.</summary>
    DataAccessResult Write(int attribute, DataView value);

    /// <summary>Carries a method out, with a parameter of the right type.</summary>
    ActionResult Invoke(int method, DataView parameter);
}

/// <summary>Account, credit or charge: the classes of the payment model over the meter's own engine.</summary>
/// <remarks>Source: IEC 62056-6-2, Account (class_id 111), Credit (112), Charge (113), version 0 each.</remarks>
public sealed class PaymentObject : CosemObject
{
    private readonly ClassDefinition _definition;
    private readonly IPaymentObject _engine;

    /// <summary>An object of one of the three classes.</summary>
    public PaymentObject(InterfaceClass id, LogicalName name, IPaymentObject engine)
        : this(ClassCatalog.Of(id), name, engine)
    {
    }

    private PaymentObject(ClassDefinition definition, LogicalName name, IPaymentObject engine)
        : base(definition.Class, definition.Version, name, definition.AttributeCount, definition.MethodCount) => (_definition, _engine) = (definition, engine);

    /// <inheritdoc/>
    public override DataAccessResult Read(int attribute, SelectiveAccess selection, ref AxdrWriter writer)
    {
        if (selection.HasValue) return DataAccessResult.ScopeOfAccessViolated;
        _engine.Read(attribute, ref writer);
        return DataAccessResult.Success;
    }

    /// <inheritdoc/>
    public override DataAccessResult Write(int attribute, DataView value)
    {
        MemberDefinition member = _definition.Attribute(attribute);
        if (member.IsDynamic) return DataAccessResult.ReadWriteDenied;
        return member.Shape.Matches(value) ? _engine.Write(attribute, value) : DataAccessResult.TypeUnmatched;
    }

    /// <inheritdoc/>
    public override ActionResult Invoke(int method, DataView parameter, ref AxdrWriter result) =>
        _definition.Method(method).Shape.Matches(parameter) ? _engine.Invoke(method, parameter) : ActionResult.TypeUnmatched;
}

/// <summary>Bit-strings whose bit 0 stands first, from flags whose bit 0 is the lowest.</summary>
public static class BitFlags
{
    /// <summary>Writes the lowest <paramref name="count"/> flags.</summary>
    public static void Write(uint flags, int count, ref AxdrWriter writer)
    {
        uint bits = 0;
        for (int i = 0; i < count; i++) bits = (bits << 1) | ((flags >> i) & 1);
        writer.BitString(bits, count);
    }

    /// <summary>The flags of a bit-string of at most 32 bits; 0 where it is none.</summary>
    public static uint Read(DataView value)
    {
        uint flags = 0;
        if (!value.TryGetBits(out ReadOnlySpan<byte> octets, out int count)) return 0;
        for (int i = 0; i < Math.Min(count, 32); i++) flags |= (uint)((octets[i / 8] >> (7 - (i % 8))) & 1) << i;
        return flags;
    }
}

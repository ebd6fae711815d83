using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Verification;

/// <summary>Notifications, Access, and what wraps or cuts other APDUs.</summary>
internal static partial class ApduTree
{
    private static Tree? Event(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!EventNotification.TryRead(apdu, tolerance, out EventNotification read)) return null;
        size = read.Write(encoded);
        return new Tree("EventNotification")
        {
            ["time"] = Tree.Octets(read.Time), ["cosem_attribute"] = Attribute(read.Attribute), ["data"] = Tree.Hex(read.Value.Encoded),
        };
    }

    private static Tree? PushReceipt(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!DataNotificationConfirm.TryRead(apdu, out DataNotificationConfirm read)) return null;
        size = read.Write(encoded);
        return new Tree("DataNotificationConfirm") { ["long_invoke_id_and_priority"] = LongInvoke(read.Invoke), ["date_time"] = Tree.Octets(read.DateTime) };
    }

    private static Tree? Access(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!AccessRequest.TryRead(apdu, tolerance, out AccessRequest read)) return null;
        size = read.Write(encoded);
        return new Tree("AccessRequest")
        {
            ["long_invoke_id_and_priority"] = LongInvoke(read.Invoke),
            ["date_time"] = Tree.Octets(read.DateTime),
            ["specifications"] = Specifications(read.Specifications),
            ["data"] = Values(read.Data),
        };
    }

    private static Tree? AccessAnswer(ReadOnlySpan<byte> apdu, PeerTolerance tolerance, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!AccessResponse.TryRead(apdu, tolerance, out AccessResponse read)) return null;
        size = read.Write(encoded);
        var results = new List<object?>();
        for (int i = 1; i < read.Results.Length; i += 2)
            results.Add($"{(AccessService)read.Results[i - 1]}: {TreeNames.Enum("DataAccessResult", (DataAccessResult)read.Results[i])}");
        return new Tree("AccessResponse")
        {
            ["long_invoke_id_and_priority"] = LongInvoke(read.Invoke),
            ["date_time"] = Tree.Octets(read.DateTime),
            ["specifications"] = read.Specifications.Count == 0 ? null : Specifications(read.Specifications),
            ["response_data"] = Values(read.Data),
            ["results"] = results,
        };
    }

    private static Tree? Block(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!GeneralBlock.TryRead(apdu, out GeneralBlock read)) return null;
        size = read.Write(encoded);
        return new Tree("GeneralBlockTransfer")
        {
            ["last_block"] = read.IsLast,
            ["streaming"] = read.IsStreaming,
            ["window"] = read.Window,
            ["block_number"] = read.Number,
            ["block_number_acknowledged"] = read.Acknowledged,
            ["block_octets"] = read.Raw.Length,
        };
    }

    private static Tree? EndToEnd(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!GeneralCiphering.TryRead(apdu, out GeneralCiphering read) || read.Secured.Length < CipherKey.HeaderSize) return null;
        size = Same(apdu, encoded);
        var control = new SecurityControl(read.Secured[0]);
        Tree tree = Parties("GeneralCipher", read.Header);
        tree["key"] = read.KeyKind.ToString();
        tree["key_id"] = read.KeyKind is KeyInformation.Identified or KeyInformation.Wrapped ? read.KeyId : null;
        tree["security_control"] = control.Octet;
        tree["ciphered_octets"] = read.Secured.Length - CipherKey.HeaderSize;
        return tree;
    }

    private static Tree? Signed(ReadOnlySpan<byte> apdu, Span<byte> encoded, out int size)
    {
        size = 0;
        if (!GeneralSigning.TryRead(apdu, out GeneralSigning read)) return null;
        size = Same(apdu, encoded);
        Tree tree = Parties("GeneralSigning", read.Header);

        // A signature around a signature could go on as deep as the input is long.
        bool nests = !read.Content.IsEmpty && read.Content[0] == GeneralSigning.Tag;
        tree["content"] = nests ? Tree.Hex(read.Content) : Decode(read.Content, PeerTolerance.None, new byte[read.Content.Length + 16], out _);
        tree["signature_octets"] = read.Signature.Length;
        return tree;
    }

    private static Tree Parties(string kind, GeneralHeader header) => new(kind)
    {
        ["transaction_id"] = Tree.Octets(header.TransactionId),
        ["originator"] = Tree.Octets(header.Originator),
        ["recipient"] = Tree.Octets(header.Recipient),
        ["date_time"] = Tree.Octets(header.DateTime),
        ["other_information"] = Tree.Octets(header.OtherInformation),
    };

    private static Tree LongInvoke(LongInvokeId invoke) => new("LongInvokeIdAndPriority")
    {
        ["long_invoke_id"] = invoke.Id,
        ["prioritized"] = invoke.IsHighPriority,
        ["confirmed"] = invoke.IsConfirmed,
        ["self_descriptive"] = invoke.IsSelfDescriptive,
        ["break_on_error"] = invoke.BreaksOnError,
    };

    private static List<object?> Specifications(AccessSpecificationList list)
    {
        var items = new List<object?>();
        foreach (AccessSpecification item in list)
        {
            bool method = item.Service == AccessService.Action;
            items.Add(new Tree("Access" + item.Service)
            {
                [method ? "cosem_method" : "cosem_attribute"] = method
                    ? Method(new MethodDescriptor(item.Target.Class, item.Target.Name, item.Target.Attribute))
                    : Attribute(item.Target),
                ["access_selection"] = Selection(item.Selection),
            });
        }

        return items;
    }

    private static List<object?> Attributes(AttributeList list)
    {
        var items = new List<object?>();
        foreach (AttributeReference item in list) items.Add(Attribute(item.Attribute));
        return items;
    }

    private static List<object?> Methods(MethodList list)
    {
        var items = new List<object?>();
        for (int i = 0; i < list.Count; i++) items.Add(Method(list[i]));
        return items;
    }

    private static List<object?> Values(DataList list)
    {
        var items = new List<object?>();
        foreach (DataView item in list) items.Add(Tree.Typed(item));
        return items;
    }

    private static List<object?> Results(ReadOnlySpan<byte> results)
    {
        var items = new List<object?>();
        foreach (byte result in results) items.Add(TreeNames.Enum("DataAccessResult", (DataAccessResult)result));
        return items;
    }

    private static Tree Method(MethodDescriptor method) => new("CosemMethod")
    {
        ["interface"] = TreeNames.Class(method.Class), ["instance"] = Obis(method.Name), ["method"] = method.Method,
    };

    private static void AddBlock(Tree tree, DataBlock block)
    {
        tree["last_block"] = block.IsLast;
        tree["block_number"] = block.Number;
        tree["data"] = Tree.Hex(block.Raw);
    }

    // What the reader took whole is written as it came: key information and signature are not made again.
    private static int Same(ReadOnlySpan<byte> apdu, Span<byte> encoded)
    {
        apdu.CopyTo(encoded);
        return apdu.Length;
    }
}

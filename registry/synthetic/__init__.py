"""A made-up city to show everything on: real divisions, invented facilities, seeded and repeatable.

Nothing in it is a real facility. Operators, addresses and contacts say 示例 (example), files begin
with 合成 (synthetic), and the registry keeps a mark of it (`registry.synthetic.mark`).
"""
